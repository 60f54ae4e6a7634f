import type { AppTier, CreatedApp, SetupForm, SetupPlan } from '../../domain/setup.ts';
import { html, type Page } from './page.ts';
import { refusals } from './refusals.ts';

// Every word that a person reads in the browser while they create the GitHub App.

const AGAIN = html`<p class="small">A new link comes from <code>cortex setup github</code>.</p>`;

const { refusal, failure } = refusals(AGAIN);

/** A link that was made up, used before, or is too old: all the same to whoever shows it. */
export const invalidPage: Page = refusal(
  400,
  'This link is not valid any more',
  'It is good for one App within half an hour. Nothing was changed.',
);

export const takenPage: Page = refusal(
  409,
  'There is an App already',
  'GITHUB_APP_ID names the App of this server in the environment, and would go before a new one. Nothing was changed.',
);

export const codeRefusedPage: Page = refusal(
  400,
  'GitHub does not know this App',
  'The code that came with it is used or too old, so its keys were not fetched. Delete the App on GitHub if it is there, and create it again.',
);

/** What each permission is for, in a few words; docs/security.md says more. */
const PERMISSIONS: Record<string, string> = {
  actions: 'runs, jobs and their logs',
  checks: 'what other apps say of a commit',
  contents: 'what a commit changed, and our two files in .github',
  deployments: 'what was deployed where',
  issues: 'create an issue when a person asks for it',
  members: 'which repositories a team has',
  metadata: 'the repository itself',
  pull_requests: 'what a pull request changes',
  statuses: 'the older form of checks',
};

const ACTS: Record<AppTier, string> = {
  'read-only': 'It only reads: nobody can run failed jobs again or create issues from Slack.',
  actions: 'It runs failed jobs again and creates issues when a person in Slack asks for it, and changes nothing else.',
  answers:
    'It runs failed jobs again and creates issues when a person in Slack asks for it, and writes check runs and comments on pull requests where an admin names the repository.',
};

export function setupPage({ webUrl, organization, tier, isPublic }: SetupPlan, form: SetupForm): Page {
  const { host, origin } = new URL(webUrl);
  const rows = Object.entries(form.permissions).map(
    ([name, level]) =>
      html`<li>
        <strong>${name.replaceAll('_', ' ')}</strong>: ${level === 'write' ? 'read and write' : level}
        (${PERMISSIONS[name] ?? 'see docs/security.md'})
      </li>`,
  );
  return {
    status: 200,
    title: 'Create the GitHub App?',
    formOrigin: origin,
    body: html`<p>
        On <strong>${host}</strong>, for
        <strong>${organization === null ? 'your own account' : `the organization ${organization}`}</strong>.
        ${isPublic ? 'Other accounts may install it, too.' : 'Only its owner may install it.'} ${ACTS[tier]}
      </p>
      <ul>
        ${rows}
      </ul>
      <form method="post" action="${form.action}">
        <span>GitHub shows it to you once more, and asks for its name.</span>
        <input type="hidden" name="manifest" value="${form.manifest}" /><button>Create on GitHub</button>
      </form>
      <p class="small">If you did not ask for this yourself, close this page: nothing is created then.</p>`,
  };
}

export function keptPage({ slug, owner }: CreatedApp): Page {
  return {
    status: 200,
    title: 'The GitHub App is there',
    body: html`<p><strong>${slug}</strong> belongs to <strong>${owner}</strong>. Its keys are stored, encrypted.</p>
      <p>In Slack, an admin types <code>/cortex connect</code> in a few seconds, and installs it.</p>
      <p class="small">You can close this page.</p>`,
  };
}

export function printedPage({ slug, owner }: CreatedApp): Page {
  return {
    status: 200,
    title: 'The GitHub App is there',
    body: html`<p><strong>${slug}</strong> belongs to <strong>${owner}</strong>. Its keys stand in the terminal.</p>
      <p>Put them into your secret manager, and start the app with them.</p>
      <p class="small">You can close this page.</p>`,
  };
}

export const failedPage = (status: number, id: string): Page =>
  failure(
    status,
    'Something did not answer as it should, and no keys were kept. If the App is on GitHub by now, delete it there.',
    id,
  );
