import { describe, expect, test } from '@jest/globals';
import { explain, step } from './support.ts';

/** What the log says, and the words that it becomes. */
const CASES: ReadonlyArray<{ what: string; log: string; headline: string; cause: string; next: string }> = [
  {
    what: 'an action without that version',
    log: `##[error]Unable to resolve action \`actions/checkout@v99\`, unable to find version \`v99\``,
    headline: 'The action actions/checkout has no version v99',
    cause:
      'The workflow uses a tag, branch or commit of the action that does not exist. The log says: Unable to resolve action `actions/checkout@v99`, unable to find version `v99`.',
    next: 'Correct the version after "uses:" in the workflow; the releases of the action say which ones there are.',
  },
  {
    what: 'a deprecated action',
    log: `##[error]This request has been automatically failed because it uses a deprecated version of \`actions/upload-artifact: v2\`. Learn more: https://github.blog/changelog/`,
    headline: 'GitHub refuses a deprecated action: actions/upload-artifact: v2',
    cause:
      'GitHub has switched off this version of the action, so the job is failed before it starts. The log says: This request has been automatically failed because it uses a deprecated version of `actions/upload-artifact: v2`. Learn more: https://github.blog/changelog/.',
    next: 'Use the newest major version of the action in the workflow.',
  },
  {
    what: 'a permission',
    log: step(
      'gh release create v1',
      `HTTP 403: Resource not accessible by integration (https://api.github.com/repos/shop/shop/releases)`,
    ),
    headline: 'The GitHub token of the job lacks a permission',
    cause:
      'GitHub refused a request because the token may not do this; a pull request from a fork only gets a token that reads. The log says: HTTP 403: Resource not accessible by integration (https://api.github.com/repos/shop/shop/releases). It happens in the command "gh release create v1" (exit code 1).',
    next: 'Add what the step needs under "permissions:" of the job (such as contents: write or pull-requests: write).',
  },
  {
    what: 'an input',
    log: step('actions/deploy@v1', `##[error]Input required and not supplied: token`),
    headline: "A step needs the input 'token', and the workflow does not pass it",
    cause:
      'The input is missing or empty; the value of a secret that does not exist, or that a pull request from a fork may not read, is empty. The log says: Input required and not supplied: token. It happens in the action actions/deploy@v1 (exit code 1).',
    next: 'Set token under "with:" of the step, and check that the secret behind it exists for this repository.',
  },
  {
    what: 'a branch that is gone',
    log: step(
      'actions/checkout@v4',
      `  fatal: couldn't find remote ref refs/heads/feature/tax
##[error]The process '/usr/bin/git' failed with exit code 128`,
    ),
    headline: 'The branch or commit feature/tax is not in the repository',
    cause:
      "It was deleted, renamed or rewritten after the run was started, or was never pushed. The log says: couldn't find remote ref refs/heads/feature/tax. It happens in the action actions/checkout@v4 (exit code 1).",
    next: 'If the branch was merged or deleted, nothing needs to be done; else push it again, or correct its name in the workflow.',
  },
  {
    what: 'a login',
    log: step(
      'actions/checkout@v4',
      `fatal: could not read Username for 'https://github.com': terminal prompts disabled
##[error]The process '/usr/bin/git' failed with exit code 128`,
    ),
    headline: 'Git asks for a login at https://github.com, and the job has none',
    cause:
      "The repository is private or does not exist, and no credentials were passed. The log says: could not read Username for 'https://github.com': terminal prompts disabled. It happens in the action actions/checkout@v4 (exit code 1).",
    next: 'Pass a token for the repository to the step (for a private submodule or package, too), or correct its address.',
  },
  {
    what: 'the rate limit',
    log: step('gh pr list', `HTTP 403: API rate limit exceeded for installation ID 123.`),
    headline: 'A service refuses because of its rate limit',
    cause:
      'The job, or others that share its token or address, made more requests than the service allows. The log says: HTTP 403: API rate limit exceeded for installation ID 123. It happens in the command "gh pr list" (exit code 1).',
    next: 'Pass a token to the step (such as GITHUB_TOKEN) or make fewer requests, then re-run the failed jobs later.',
  },
  {
    what: 'an artifact',
    log: step(
      'actions/download-artifact@v4',
      `##[error]Unable to download artifact(s): Artifact not found for name: dist`,
    ),
    headline: 'An artifact cannot be downloaded: dist',
    cause:
      'No earlier job of the run has uploaded it under that name, or it has expired. The log says: Unable to download artifact(s): Artifact not found for name: dist. It happens in the action actions/download-artifact@v4 (exit code 1).',
    next: 'Check the name at upload and at download, and that the job that uploads it is listed under "needs:".',
  },
  {
    what: 'a version without tags',
    log: step('git describe --tags', `fatal: No names found, cannot describe anything.`, 128),
    headline: 'git describe finds no tag',
    cause:
      'The checkout holds no tag that leads to this commit: actions/checkout fetches one commit and no tags unless it is told to. The log says: No names found, cannot describe anything. It happens in the command "git describe --tags" (exit code 128).',
    next: 'Fetch the history and its tags in the checkout (fetch-depth: 0), or push the tag.',
  },
  {
    what: 'cloud credentials',
    log: step(
      'aws-actions/configure-aws-credentials@v4',
      `##[error]Credentials could not be loaded, please check your action inputs: Could not load credentials from any providers`,
    ),
    headline: 'The job has no credentials for the cloud',
    cause:
      'The step found no keys and no role: secrets are missing, or the job may not ask for an identity token. The log says: Credentials could not be loaded, please check your action inputs: Could not load credentials from any providers. It happens in the action aws-actions/configure-aws-credentials@v4 (exit code 1).',
    next: 'Check the secrets or the role of the step; with OpenID Connect the job needs "permissions: id-token: write".',
  },
];

describe("GitHub's own failures", () => {
  test.each(CASES)('$what', async ({ log, headline, cause, next }) => {
    const answer = await explain(log);

    expect(answer).toMatchObject({ headline, cause, nextStep: next });
  });
});
