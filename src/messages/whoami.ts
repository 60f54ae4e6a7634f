import type { UserId, WorkspaceId } from '../domain/ids.ts';
import type { MemberRole } from '../domain/member.ts';
import type { Message } from '../domain/message.ts';
import type { AccountLink } from '../domain/people.ts';
import { message, note } from './blocks.ts';
import { accountBlocks } from './identity.ts';
import { bold, bullets, mono, moment, paragraph, plain, text } from './rich-text.ts';

/** Every action of the policy, as something that a person may do or not. */
export const ABILITY_WORDS = {
  'help.read': 'read the help',
  'self.read': 'see their own role',
  'identity.claim': 'say which GitHub account is theirs',
  'identity.free': 'free a GitHub account that somebody else claimed',
  'home.read': 'see every repository of the workspace',
  'summary.read': 'read explanations',
  'summary.request': 'ask for explanations',
  'summary.reanalyze': 'have a failure looked at again',
  'summary.judge': 'judge explanations',
  'subscription.read': 'see what a channel hears about',
  'subscription.manage': 'change what a channel hears about',
  'status.read': 'see how the repositories of a channel stand, and what is flaky there',
  'doctor.read': 'see why a channel hears of something or does not',
  'doctor.read-all': 'see how the product itself is doing',
  'usage.read': 'see what models cost',
  'settings.read': 'see the settings',
  'settings.manage': 'change models and budgets',
  'github.connect': 'connect GitHub installations',
  'failure.acknowledge': 'acknowledge failures',
  'failure.assign': 'assign failures',
  'failure.snooze': 'snooze failures',
  'failure.mark-flaky': 'mark failures as flaky',
  'failure.merge': 'merge failures',
  'failure.create-issue': 'create GitHub issues about failures',
  'channel.mute': 'mute channels',
  'run.rerun': 're-run failed jobs',
  'run.rerun-opened': 're-run failed jobs where an admin opened that, away from protected environments',
} as const;

export interface Self {
  userId: UserId;
  role: MemberRole;
  /** When Slack was asked last; null where nobody asked yet. */
  checkedAt: Date | null;
  workspace: { id: WorkspaceId; name: string | null };
  may: readonly string[];
  mayNot: readonly string[];
  accounts: readonly AccountLink[];
}

const ROLE_WORDS: Record<MemberRole, { name: string; because: string }> = {
  admin: { name: 'admin', because: 'Slack says that you are an owner or admin of this workspace' },
  member: { name: 'member', because: 'Slack says that you are a full member of this workspace' },
  viewer: { name: 'viewer', because: 'Slack says that you are a guest in this workspace' },
  none: {
    name: 'none',
    because: 'Slack knows you as a bot, a deactivated account, or somebody of another organization',
  },
};

/** Who the asker is to us, why, and what follows from it. */
export function whoamiMessage({ userId, role, checkedAt, workspace, may, mayNot, accounts }: Self): Message {
  const { name, because } = ROLE_WORDS[role];
  return message(`Your role is ${name}: ${because}`, [
    paragraph(
      text('You are '),
      mono(userId, 40),
      text(', and your role here is '),
      bold(name),
      text(`: ${because}.\n`),
      ...(checkedAt === null ? [] : [text('Slack was asked last: '), moment(checkedAt), text('\n')]),
      text('Workspace: '),
      ...(workspace.name === null ? [] : [plain(workspace.name, 100), text(', ')]),
      mono(workspace.id, 40),
    ),
    ...accountBlocks(accounts),
    bullets(
      [bold('You may')],
      may.map((words) => [text(`✅ ${words}`)]),
    ),
    ...(mayNot.length === 0
      ? []
      : [
          bullets(
            [bold('You may not')],
            mayNot.map((words) => [text(`▫️ ${words}`)]),
          ),
        ]),
    note('Roles come from Slack and are looked up again every five minutes, and when somebody changes them there.'),
  ]);
}
