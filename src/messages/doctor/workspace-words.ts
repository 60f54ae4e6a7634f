import type { AppGrant, HealthFinding, InstallationSight, LastDelivery } from '../../domain/health.ts';
import { ANSWER_NEEDS, type AnswerForm } from '../../domain/github-answers.ts';
import type { InstallationId } from '../../domain/ids.ts';
import { numberThere } from '../../domain/servers.ts';
import { duration, oneLine } from '../text.ts';
import { problem, warning, well } from './finding.ts';

/** What does not work without a scope of Slack's. */
const WITHOUT_SCOPE: Record<string, string> = {
  commands: '/cortex is not there',
  'app_mentions:read': 'nobody can ask by mentioning the app',
  'links:read': 'links to runs get no preview',
  'links:write': 'links to runs get no preview',
  'chat:write': 'nothing can be posted',
  'files:write': 'what a thread has no room for is not in a file there',
  'users:read.email': 'no author is mentioned by a confirmed address',
  'usergroups:read': 'no rule can call a group',
  'users:read': 'roles are not known, so nobody may do anything',
  'channels:read': 'public channels cannot subscribe',
  'groups:read': 'private channels cannot subscribe',
};

export function slackTokenFinding(url: string | null): HealthFinding {
  return well(`Slack takes our token${url === null ? '' : ` (${oneLine(url, 100)})`}`);
}

export function slackRevokedFinding(reason: string): HealthFinding {
  return problem(
    `Slack does not take our token any more (${oneLine(reason, 60)})`,
    'An admin installs the app again, at /slack/install of our address.',
  );
}

export function scopeFindings(missing: readonly string[]): HealthFinding[] {
  return missing.map((scope) =>
    warning(
      `Slack has not granted the scope ${scope}: ${WITHOUT_SCOPE[scope] ?? 'something is missing'}`,
      'Add it to the app (slack-manifest.yml has all), and install the app again.',
    ),
  );
}

/** What does not work without a permission of GitHub's. */
const WITHOUT_PERMISSION: Record<string, string> = {
  actions: 'reading runs and logs, or running failed jobs again',
  checks: 'a rule about checks of other apps, or about pull requests that wait for them,',
  contents: "what a commit changed, and a repository's instructions",
  deployments: 'a rule about deployments or environments',
  issues: 'creating issues',
  members: 'a rule about a team',
  metadata: 'everything',
  statuses: 'a rule about commit statuses, an older form of checks,',
  pull_requests: 'what a pull request changes, and its labels',
};

/** What does not work without an event of GitHub's. */
const WITHOUT_EVENT: Record<string, string> = {
  check_run: 'no rule hears of checks of other apps',
  deployment: 'no rule hears of deployments',
  deployment_status: 'no rule hears how a deployment goes',
  pull_request: 'no rule hears of pull requests',
  push: 'a changed .github/cortex.yml is noticed late',
  release: 'no rule hears of releases',
  status: 'no rule hears of commit statuses',
  workflow_run: 'nothing is heard',
  repository: 'changed topics are noticed late',
};

type Needs = { permissions: Readonly<Record<string, string>>; events: readonly string[] };

export function appFindings(
  { slug, host, ...grant }: AppGrant & { slug: string; host: string | null },
  needs: Needs,
): HealthFinding[] {
  const remedy = `Change it under "Permissions & events" of the GitHub App ${oneLine(slug, 100)}.`;
  const lacking = lackOf(grant, needs);
  return lacking.length === 0
    ? [well(`${serverName(host)} takes our key, as the App ${oneLine(slug, 100)}`)]
    : lacking.map((words) => warning(`The GitHub App does not ask for ${words}`, remedy));
}

export function appRefusedFinding(host: string | null): HealthFinding {
  return problem(
    `${serverName(host)} does not take our key`,
    host === null
      ? 'Check GITHUB_APP_ID, GITHUB_PRIVATE_KEY and GITHUB_API_URL, and the clock of this machine.'
      : 'Check the clock of this machine; if the App was deleted there, create it again with cortex setup github.',
  );
}

export function noAppFinding(): HealthFinding {
  return problem(
    'There is no GitHub App yet, so nothing is heard of GitHub',
    'Create it with cortex setup github, or set GITHUB_APP_ID, GITHUB_PRIVATE_KEY and GITHUB_WEBHOOK_SECRET.',
  );
}

function serverName(host: string | null): string {
  return host === null ? 'GitHub' : oneLine(host, 70);
}

export function notConnectedFinding(): HealthFinding {
  return problem(
    'No GitHub installation is linked to this workspace, so no repository can be seen',
    'An admin of this workspace links one with /cortex connect.',
  );
}

export function installationFindings(
  id: InstallationId,
  sight: InstallationSight | null,
  { needs, last, now }: { needs: Needs; last: LastDelivery | null; now: Date },
): HealthFinding[] {
  if (sight === null) {
    return [
      problem(
        `Installation ${numberThere(id)} is not there any more`,
        'Install the GitHub App again, and link the new installation.',
      ),
    ];
  }
  const account = oneLine(sight.account, 100);
  if (sight.isSuspended) {
    return [
      problem(`The installation on ${account} is suspended`, 'An owner of that account unsuspends it in its settings.'),
    ];
  }
  const page = sight.url === null ? '' : `: ${oneLine(sight.url, 200)}`;
  return [
    well(`GitHub: installed on ${account}`),
    ...lackOf(sight, needs).map((words) =>
      warning(`${account} has not granted ${words}`, `An owner of that account accepts it${page}`),
    ),
    last === null
      ? warning(
          `No webhook delivery from ${account} among the newest`,
          'If runs ended there lately: check the webhook address and secret of the GitHub App.',
        )
      : well(`Last webhook delivery from ${account}: ${duration(now.getTime() - last.at.getTime())} ago`),
  ];
}

const ANSWER_WORDS: Record<AnswerForm, { permission: string; without: string }> = {
  check: { permission: 'Checks: write', without: 'check runs of ours stand on no commit there' },
  comment: { permission: 'Pull requests: write', without: 'comments of ours stand on no pull request there' },
};

/** An admin wants answers on GitHub there: which permission they lack. The App has to ask for it before anybody can grant it. */
export function answerFindings(
  { account, permissions, url }: InstallationSight,
  wanted: readonly AnswerForm[],
): HealthFinding[] {
  const page = url === null ? '' : `: ${oneLine(url, 200)}`;
  return wanted
    .filter((form) => permissions[ANSWER_NEEDS[form]] !== 'write')
    .map((form) => {
      const { permission, without } = ANSWER_WORDS[form];
      return warning(
        `${oneLine(account, 100)} has not granted "${permission}", so ${without}, which the settings want`,
        `Whoever manages the GitHub App asks for it under "Permissions & events"; then an owner of that account accepts it${page}`,
      );
    });
}

/** What was asked for and is not granted; writing includes reading. */
function lackOf(grant: AppGrant, { permissions, events }: Needs): string[] {
  const lacking = Object.entries(permissions).flatMap(([name, level]) => {
    const has = grant.permissions[name];
    if (has === level || has === 'write' || has === 'admin') return [];
    return [`the permission ${name} (${level}), which ${WITHOUT_PERMISSION[name] ?? 'something'} needs`];
  });
  const unheard = events.filter((event) => !grant.events.includes(event));
  return [
    ...lacking,
    ...unheard.map((event) => `the event ${event}, without which ${WITHOUT_EVENT[event] ?? 'something is missing'}`),
  ];
}
