import { html, type Html, type Page } from './page.ts';
import { refusals } from './refusals.ts';

// Every word that a person reads in the browser while they link a GitHub installation.

/** The workspace that would see everything, so that nobody links theirs to somebody else's. */
export interface ShownWorkspace {
  id: string;
  name: string | null;
  /** Its address in Slack, which Slack gives to nobody else. */
  url: string | null;
}

const AGAIN = html`<p class="small">Start again in Slack, with <code>/cortex connect</code>.</p>`;

const { refusal, failure } = refusals(AGAIN);

/** A state that was made up, used before, or is too old: all the same to whoever shows it. */
export const invalidPage: Page = refusal(
  400,
  'This link is not valid any more',
  'It is good for one use within ten minutes. Nothing was changed.',
);

export const noStatePage: Page = refusal(
  400,
  'Which workspace is this for?',
  'The GitHub App tells us nothing about your Slack workspace, so nothing was linked.',
);

export const malformedPage: Page = refusal(
  400,
  'That cannot be read',
  'GitHub sends people here with other words than these. Nothing was changed.',
);

export const notAdminPage: Page = refusal(
  403,
  'This needs an admin',
  'Only owners and admins of the Slack workspace connect GitHub, and you are not one of them now. Nothing was changed.',
);

export const deniedPage: Page = refusal(
  200,
  'Nothing was linked',
  'You did not let the GitHub App see who you are, so it cannot tell what you may link.',
);

export const requestedPage: Page = refusal(
  200,
  'An owner has to agree',
  'GitHub has asked the owners of that account to install the App. Once they did, link it.',
);

export const codeRefusedPage: Page = refusal(
  400,
  'GitHub does not know this visit',
  'The code that came with it is used or too old. Nothing was changed.',
);

/** For what is not there and for what is somebody else's. */
export const notVisiblePage: Page = refusal(
  403,
  'GitHub does not show you this installation',
  'Either it is not there, or your account on GitHub has no access to it. Nothing was changed.',
);

export const nothingVisiblePage: Page = refusal(
  200,
  'GitHub shows you no installation',
  'Install the App on an account first, with the button "Install on GitHub" in Slack.',
);

export const allLinkedPage: Page = {
  status: 200,
  title: 'Everything is linked already',
  body: html`<p>All installations that GitHub shows you are linked to your Slack workspace.</p>
    <p class="small">You can close this page.</p>`,
};

export function choicePage(
  path: string,
  workspace: ShownWorkspace,
  choices: ReadonlyArray<{ account: string; isSuspended: boolean; token: string }>,
): Page {
  const forms = choices.map(
    ({ account, isSuspended, token }) =>
      html`<form method="post" action="${path}">
        <span><strong>${account}</strong>${isSuspended ? ' (suspended on GitHub)' : ''}</span>
        <input type="hidden" name="choice" value="${token}" /><button>Link</button>
      </form>`,
  );
  return {
    status: 200,
    title: 'Link GitHub to Slack?',
    body: html`<p>This Slack workspace will see the failed runs of every repository that you link:</p>
      <p>${workspaceLine(workspace)}</p>
      ${forms}
      <p class="small">
        If this is not your workspace, or you did not start this in Slack yourself, close this page: nothing is linked
        then.
      </p>`,
  };
}

export function linkedPage(account: string, workspace: ShownWorkspace): Page {
  return {
    status: 200,
    title: 'Linked',
    body: html`<p><strong>${account}</strong> on GitHub is linked to</p>
      <p>${workspaceLine(workspace)}</p>
      <p>In a Slack channel, <code>/cortex subscribe ${account}/*</code> makes it hear of failures.</p>
      <p class="small">You can close this page.</p>`,
  };
}

export const failedPage = (status: number, id: string): Page =>
  failure(status, 'Something did not answer as it should. Nothing was linked.', id);

function workspaceLine({ id, name, url }: ShownWorkspace): Html {
  return html`<strong>${name ?? id}</strong> (${url ?? id})`;
}
