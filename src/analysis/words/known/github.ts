import type { Known } from './known.ts';

/** GitHub Actions itself: workflow files, actions, tokens, artifacts. */
export const GITHUB: readonly Known[] = [
  {
    pattern:
      /Unable to resolve action `?(?<action>[\w./-]{3,150})(?:@[\w./-]{1,80})?`?, unable to find version `?(?<version>[\w./-]{1,80})/u,
    headline: 'The action {action} has no version {version}',
    cause: 'The workflow uses a tag, branch or commit of the action that does not exist.',
    next: 'Correct the version after "uses:" in the workflow; the releases of the action say which ones there are.',
    weight: 10,
  },
  {
    pattern:
      /Unable to resolve action `?(?<action>[\w.@/-]{3,150})`?|action could not be found at the URI '[^']{0,60}\/repos\/(?<action>[\w./-]{3,80})/u,
    headline: 'The action {action|of a step} cannot be found',
    cause: 'The repository of the action does not exist, or the workflow may not read it.',
    next: 'Correct the name after "uses:" in the workflow, or give the workflow access to the repository of the action.',
    weight: 10,
  },
  {
    pattern: /Can't find 'action\.ya?ml'.{0,60}under '(?<path>[^']{1,200})'/u,
    headline: 'No action.yml is found under {path}',
    cause:
      'The workflow uses a local action, but its folder is not on the runner: it has another path, or the checkout comes later.',
    next: 'Put actions/checkout before the step and check the path after "uses:" in the workflow.',
    weight: 10,
  },
  {
    pattern: /automatically failed because it uses a deprecated version of `?(?<action>[\w./: -]{3,80}?)`?\./u,
    headline: 'GitHub refuses a deprecated action: {action}',
    cause: 'GitHub has switched off this version of the action, so the job is failed before it starts.',
    next: 'Use the newest major version of the action in the workflow.',
    weight: 10,
  },
  {
    pattern:
      /(?:Invalid workflow file: (?<file>[\w./-]{3,150})|workflow is not valid\.? ?(?<file>\.github\/[\w./-]{3,150})?)(?:.{0,40}?(?:Line|#L):? ?(?<row>\d{1,5}))?/u,
    headline: 'The workflow file{ file|} is not valid',
    cause: 'GitHub could not read the workflow, so none of its jobs was started.',
    next: 'Correct {file|the workflow file} at the place that GitHub names; actionlint finds such mistakes locally.',
    weight: 10,
  },
  {
    pattern: /Unrecognized named-value: '(?<name>[^']{1,80})'/u,
    headline: "The workflow uses the unknown value '{name}' in an expression",
    cause: 'The context of that name does not exist, or is not available at this place of the workflow.',
    next: 'Correct the expression in the workflow; actionlint finds such mistakes locally.',
    weight: 10,
  },
  {
    pattern: /Unexpected input\(s\) '(?<input>[^']{1,80})'/u,
    headline: "The workflow passes the unknown input '{input}' to an action",
    cause: 'The action has no input of that name in this version.',
    next: 'Correct the name under "with:" in the workflow.',
    weight: 3,
  },
  {
    pattern: /Input required and not supplied: (?<input>[\w.-]{1,80})/u,
    headline: "A step needs the input '{input}', and the workflow does not pass it",
    cause:
      'The input is missing or empty; the value of a secret that does not exist, or that a pull request from a fork may not read, is empty.',
    next: 'Set {input|the input} under "with:" of the step, and check that the secret behind it exists for this repository.',
    weight: 10,
  },
  {
    pattern: /Parameter token or opts\.auth is required/u,
    headline: 'A step gets no GitHub token',
    cause:
      'The token that the step passes on is empty: the secret does not exist, or a pull request from a fork may not read it.',
    next: 'Pass a token to the step, such as secrets.GITHUB_TOKEN, and check that the secret exists.',
    weight: 10,
  },
  {
    pattern: /Resource not accessible by (?<who>integration|personal access token)/u,
    headline: 'The GitHub token of the job lacks a permission',
    cause:
      'GitHub refused a request because the token may not do this; a pull request from a fork only gets a token that reads.',
    next: 'Add what the step needs under "permissions:" of the job (such as contents: write or pull-requests: write).',
    weight: 10,
  },
  {
    pattern: /Permission to (?<repo>\S{3,100}?) denied to (?<who>[\w[\]-]{1,60})/u,
    headline: '{who} may not push to {repo}',
    cause: 'The token or key with which the job pushes has no right to write there.',
    next: 'Give the job "permissions: contents: write", or use a token that may write to {repo|the repository}.',
    weight: 10,
  },
  {
    pattern: /could not read Username for '?(?<host>[^']{3,80})/u,
    headline: 'Git asks for a login at {host}, and the job has none',
    cause: 'The repository is private or does not exist, and no credentials were passed.',
    next: 'Pass a token for the repository to the step (for a private submodule or package, too), or correct its address.',
    weight: 10,
  },
  {
    pattern: /Bad credentials/u,
    headline: 'GitHub refuses the token: bad credentials',
    cause: 'The token is wrong, was revoked, or has expired.',
    next: 'Renew the token in the secrets of the repository or organization, then re-run the failed jobs.',
    weight: 9.5,
  },
  {
    pattern:
      /Credentials could not be loaded|Unable to load credentials|Unable to locate credentials|Could not load credentials/iu,
    headline: 'The job has no credentials for the cloud',
    cause: 'The step found no keys and no role: secrets are missing, or the job may not ask for an identity token.',
    next: 'Check the secrets or the role of the step; with OpenID Connect the job needs "permissions: id-token: write".',
    weight: 9.5,
  },
  {
    pattern: /Unable to get ACTIONS_ID_TOKEN_REQUEST_URL/u,
    headline: 'The job may not ask for an identity token',
    cause: 'Login by OpenID Connect needs a permission that the job does not have.',
    next: 'Add "permissions: id-token: write" to the job.',
    weight: 10,
  },
  {
    pattern:
      /Artifact not found for name: (?<name>[\w.-]{1,80})|Unable to (?:download|find).{0,20}artifact(?!.{0,60}not found for name)/iu,
    headline: 'An artifact cannot be downloaded{: name|}',
    cause: 'No earlier job of the run has uploaded it under that name, or it has expired.',
    next: 'Check the name at upload and at download, and that the job that uploads it is listed under "needs:".',
    weight: 9,
  },
  {
    pattern: /No files were found with the provided path: (?<path>\S{1,150})/u,
    headline: 'Nothing to upload: no files at {path}',
    cause:
      'The step that uploads an artifact found no files, as the step that makes them failed or puts them elsewhere.',
    next: 'Check the path of the upload against where the files are made.',
    weight: 4,
  },
  {
    pattern: /Failed to download action|Failed to download archive/u,
    headline: 'GitHub could not deliver an action that the job uses',
    cause: 'The download of the action failed before the first step ran.',
    next: "Re-run the failed jobs; if it comes back, look at GitHub's status page.",
    weight: 9,
    category: 'infrastructure',
  },
  {
    pattern:
      /Version (?<version>\S{1,40}) with arch \w{1,10} not found|The version '(?<version>[^']{1,40})' with architecture '\w{1,10}' was not found|Unable to find (?:\w{1,10} )?version '?(?<version>[\w.*^~-]{1,30})/u,
    headline: 'The set-up action has no version {version|that fits the one asked for}',
    cause: 'The version of the language or tool that the workflow asks for does not exist for this runner.',
    next: 'Correct the version in the workflow, or choose another runner image.',
    weight: 9.5,
  },
  {
    pattern: /The version of the (?:action|cache) service|Cache service responded with (?<status>\d{3})/u,
    headline: "GitHub's cache does not answer as it should",
    cause: 'The step could not read or write the cache.',
    next: 'Re-run the failed jobs, and use the newest major version of actions/cache.',
    weight: 6,
    category: 'infrastructure',
  },
  {
    pattern:
      /remote branch (?<branch>\S{1,120}) not found|couldn't find remote ref (?:refs\/(?:heads|tags)\/)?(?<branch>\S{1,120})|pathspec '(?<branch>[^']{1,120})' did not match/iu,
    headline: 'The branch or commit {branch|that the job asks for} is not in the repository',
    cause: 'It was deleted, renamed or rewritten after the run was started, or was never pushed.',
    next: 'If the branch was merged or deleted, nothing needs to be done; else push it again, or correct its name in the workflow.',
    weight: 9.5,
  },
  {
    pattern: /reference is not a tree: (?<commit>[0-9a-f]{7,40})|upload-pack: not our ref (?<commit>[0-9a-f]{7,40})/u,
    headline: 'The commit {commit|that the job asks for} is no longer in the repository',
    cause:
      'The branch was force-pushed or deleted after the run was started, or a submodule points to a commit that was never pushed.',
    next: 'Start a new run on the present commit; for a submodule, push its commit first.',
    weight: 9.5,
  },
  {
    pattern: /Automatic merge failed|^CONFLICT \([^)]{1,40}\): .{0,60} in (?<file>\S{1,150})|^error: could not apply/iu,
    headline: 'The branch does not merge: conflict in {file|at least one file}',
    cause: 'The same lines were changed on both branches.',
    next: 'Merge or rebase the branch on its base, solve the conflicts, and push.',
    weight: 9,
  },
  {
    pattern:
      /\[(?:remote )?rejected\]\s{1,8}(?<ref>\S{1,80}).{0,60}?\((?<why>[^)]{3,80})\)|Updates were rejected because (?<why>.{3,80})/u,
    headline: 'The push was rejected: {why|the remote branch has other commits}',
    cause: 'The remote repository did not accept what the job pushes.',
    next: 'If the branch has moved on, fetch and rebase before the push; if it is protected, give the job a way to write to it.',
    weight: 9,
  },
  {
    pattern: /dubious ownership in repository/u,
    headline: 'Git refuses the checkout: it belongs to another user',
    cause: 'Inside the container the files belong to another user than the one who runs Git.',
    next: 'Add the step: git config --global --add safe.directory "*"',
    weight: 9,
  },
  {
    pattern: /Permission denied \(publickey/u,
    headline: 'The SSH key of the job is refused',
    cause: 'The server accepts no key that the job has: none was loaded, or it is not a deploy key of that repository.',
    next: 'Load the key in the job (as a secret) and add its public half to the repository or server.',
    weight: 9.5,
  },
  {
    pattern: /fatal: clone of '(?<url>[^']{3,150})' into submodule path/u,
    headline: 'A submodule cannot be cloned: {url}',
    cause: 'Its address is wrong, it is private, or the server was away.',
    next: 'Check the address in .gitmodules and the token of the checkout; if the server was away, re-run the failed jobs.',
    weight: 8.5,
  },
  {
    pattern:
      /early EOF|RPC failed|remote end hung up|fetch-pack: unexpected disconnect|Failed to fetch some objects from/u,
    headline: 'The connection to the Git server broke',
    cause: 'The transfer of the repository stopped before it was complete.',
    next: 'Re-run the failed jobs; if it comes back, fetch with less history (fetch-depth).',
    weight: 8.5,
    category: 'infrastructure',
  },
  {
    pattern: /This repository is over its data quota/u,
    headline: 'The Git LFS quota of the repository is used up',
    cause: 'GitHub hands out no more large files for this account until the quota is raised or renewed.',
    next: 'Ask an owner of the account to raise the quota, or check out without LFS where the files are not needed.',
    weight: 10,
  },
  {
    pattern: /Couldn't find a repository matching this job|Could not find a repository, try using repo_token/u,
    headline: 'The upload of the coverage failed: the service does not know the repository',
    cause:
      'The coverage service found no repository for this job, so its token is missing or the repository is not set up there.',
    next: 'Set the token of the coverage service as a secret, or let a failed upload not fail the job.',
    weight: 8,
    category: 'infrastructure',
  },
  {
    pattern: /No (?:tags|annotated tags) can describe|No names found, cannot describe anything/u,
    headline: 'git describe finds no tag',
    cause:
      'The checkout holds no tag that leads to this commit: actions/checkout fetches one commit and no tags unless it is told to.',
    next: 'Fetch the history and its tags in the checkout (fetch-depth: 0), or push the tag.',
    weight: 8,
  },
  {
    pattern: /Codecov: Failed to properly upload|error running the uploader: Error uploading to/u,
    headline: 'The upload of the coverage failed',
    cause: 'The service for coverage did not take the report; the tests themselves have passed.',
    next: 'Pass the upload token to the step, and re-run the failed jobs; let the step not fail the job if coverage is no must.',
    weight: 9.6,
    category: 'infrastructure',
  },
];
