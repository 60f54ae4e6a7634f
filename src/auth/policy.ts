import { MEMBER_ROLES, type MemberRole } from '../domain/member.ts';

/** A role that can be asked for. */
export type NeededRole = Exclude<MemberRole, 'none'>;

/** Every action of ours with the least role it needs. What is not in here cannot be done by anybody. */
export const POLICY = {
  'help.read': 'viewer',
  'self.read': 'viewer',
  // It decides whom messages mention, and gives no right. Whoever is here for a while only is not mentioned.
  'identity.claim': 'member',
  'identity.free': 'admin',
  // The Home shows every repository of the workspace; a guest hears of those of the channels they are in.
  'home.read': 'member',
  'summary.read': 'viewer',
  'summary.request': 'member',
  'summary.reanalyze': 'member',
  'summary.judge': 'member',
  'failure.acknowledge': 'member',
  'failure.assign': 'member',
  'failure.snooze': 'member',
  // It decides the verdict of failures to come, for everybody.
  'failure.mark-flaky': 'member',
  'failure.merge': 'member',
  'failure.create-issue': 'member',
  // It costs minutes and may deploy, with the rights of whoever started the run.
  'run.rerun': 'admin',
  // Where an admin opened it for the repository, and no protected environment can be reached.
  'run.rerun-opened': 'member',
  'channel.mute': 'member',
  'subscription.read': 'viewer',
  'subscription.manage': 'member',
  'status.read': 'viewer',
  // What concerns the channel; of the product itself, its admins hear.
  'doctor.read': 'member',
  'doctor.read-all': 'admin',
  'usage.read': 'member',
  'settings.read': 'member',
  // Budgets and models are money and data: whom the logs are sent to is for the workspace's admins.
  'settings.manage': 'admin',
  // It decides what all of the workspace can see.
  'github.connect': 'admin',
} as const satisfies Record<string, NeededRole>;

export type Action = keyof typeof POLICY;

/** Whether a person with this role may do this. */
export function allows(role: MemberRole, action: Action): boolean {
  return MEMBER_ROLES.indexOf(role) <= MEMBER_ROLES.indexOf(POLICY[action]);
}
