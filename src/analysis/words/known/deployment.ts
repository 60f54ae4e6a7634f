import type { Known } from './known.ts';

/** Docker, Kubernetes, Helm, Terraform, Ansible, clouds. */
export const DEPLOYMENT: readonly Known[] = [
  {
    pattern:
      /failed to solve: process "(?:\/bin\/(?:ba)?sh -e?c )?(?<step>.{2,200}?)" did not complete successfully: exit code: (?<code>\d{1,5})/u,
    headline: 'Docker build fails at step "RUN {step}": exit code {code}',
    cause: 'A command of the Dockerfile failed; the log holds its own output.',
    next: 'Build it locally and see the whole output: docker build --progress=plain .',
    weight: 9.7,
    category: null,
  },
  {
    pattern: /The command '(?:\/bin\/(?:ba)?sh -e?c )?(?<step>.{2,200}?)' returned a non-zero code: (?<code>\d{1,5})/u,
    headline: 'Docker build fails at step "RUN {step}": exit code {code}',
    cause: 'A command of the Dockerfile failed; the log holds its own output.',
    next: 'Build it locally and start at that step: docker build .',
    weight: 9.7,
    category: null,
  },
  {
    pattern:
      /failed to (?:solve|compute cache key|calculate checksum).{0,120}?"?(?<path>\/[\w./*-]{1,150})"?: not found|COPY failed: .{0,120}?(?:stat |file not found.{0,40}? )(?<path>[\w./-]{1,150})/u,
    headline: 'Docker build cannot copy {path|a file}: it is not in the build context',
    cause: 'The file does not exist at that path below the context, or .dockerignore leaves it out.',
    next: 'Check the path in the Dockerfile against the context of the build, and .dockerignore.',
    weight: 9,
    category: 'configuration',
  },
  {
    pattern:
      /failed to (?:solve|resolve).{0,40}?(?<image>[\w.-]{1,80}(?:\/[\w.-]{1,80}){0,4}:[\w.-]{1,80}).{0,80}(?:not found|pull access denied)|manifest for (?<image>\S{3,150}) not found|manifest unknown/u,
    headline: 'The container image {image|that the job asks for} does not exist',
    cause: 'The registry has no such tag, or the repository is private.',
    next: 'Check name and tag of the image; for a private one, log in before.',
    weight: 9,
    category: 'configuration',
  },
  {
    pattern: /pull access denied for (?<image>[\w./-]{2,120})|denied: requested access to the resource is denied/u,
    headline: 'The registry denies access to {image|the image}',
    cause: 'The image does not exist, or the job is not logged in with an account that may use it.',
    next: 'Log in to the registry in the job (docker/login-action) and check the name of the image.',
    weight: 9,
  },
  {
    pattern: /no basic auth credentials|unauthorized: (?:authentication required|incorrect username or password)/u,
    headline: 'The container registry refuses the login of the job',
    cause: 'No credentials were passed, or they are wrong or expired.',
    next: 'Check the secrets of the login step, and that it runs before the push or pull.',
    weight: 9.5,
  },
  {
    pattern:
      /dependency failed to start: container (?<container>[\w.-]{1,80}) (?:is unhealthy|exited \((?<code>\d{1,3})\))/u,
    headline: 'The container {container} does not become healthy',
    cause: 'Docker Compose waited for it, and its health check never passed.',
    next: 'Read its own log in the job: docker compose logs {container|SERVICE}',
    weight: 9,
    category: 'infrastructure',
  },
  {
    pattern: /Error acquiring the state lock/u,
    headline: 'Terraform cannot lock its state',
    cause: 'Another run holds the lock, or one that was stopped has left it.',
    next: 'Wait for the other run; if there is none, remove the lock with terraform force-unlock and its id.',
    weight: 9.5,
  },
  {
    pattern: /^(?:UPGRADE|INSTALLATION) FAILED: (?<why>.{4,200})/u,
    headline: 'The Helm release fails: {why}',
    cause: 'The cluster did not take the release, or it did not become ready in time.',
    next: 'See the state of the release with helm status and the events of its pods with kubectl describe.',
    weight: 9,
  },
  {
    pattern: /(?<what>deployment|statefulset|daemonset) "?(?<name>[\w.-]{1,80})"? exceeded its progress deadline/u,
    headline: 'The {what} {name} does not become ready in time',
    cause: 'Its new pods did not start or did not pass their checks before the deadline.',
    next: 'Look at the pods: kubectl describe {what|deployment} {name|NAME}',
    weight: 9,
  },
  {
    pattern: /Error from server(?: \((?<kind>\w{1,40})\))?: (?<why>.{4,200})/u,
    headline: 'Kubernetes refuses the request: {why}',
    cause: 'The cluster answered the request of the job with an error.',
    next: 'Check the manifest, the namespace and the rights of the account that the job uses.',
    weight: 8,
  },
  {
    pattern:
      /^(?:fatal: )?\[(?<host>[\w.-]{1,80})(?: -> [^\]]{1,80})?\]: (?:FAILED|UNREACHABLE)!(?:.{0,300}?"msg": "(?<why>.{3,200}?)"[,}])?/u,
    headline: 'An Ansible task fails on {host}{: why|}',
    cause: 'The play stopped for this host; the log names the task, and its reason after "msg".',
    next: 'Run the playbook against that host alone with --limit {host|HOST} -vvv',
    weight: 8.5,
  },
  {
    pattern: /An error occurred \((?<code>\w{3,60})\) when calling the (?<operation>\w{3,60}) operation/u,
    headline: 'AWS refuses {operation}: {code}',
    cause: 'The request reached AWS, but was turned down with that code.',
    next: 'Check the rights of the role that the job uses for {operation|this operation}, and the names in the request.',
    weight: 8,
  },
  {
    pattern: /is not authorized to perform:? (?<action>[\w:*]{3,80})/u,
    headline: 'The cloud account of the job may not do {action}',
    cause: 'The role or user with which the job is logged in lacks that right.',
    next: 'Add {action|the right} to the policy of the role that the job uses.',
    weight: 8.5,
  },
  {
    pattern: /Failed to (?:push the website|deploy|publish|upload|release)(?: (?:to|the)? ?(?<where>.{3,120}))?/u,
    headline: 'The deployment fails: {where|the target refused it}',
    cause: 'The step that hands the result over ended with an error; the build before it went through.',
    next: 'Check the credentials and the target of the step, then re-run it.',
    weight: 4,
  },
  {
    pattern: /httpReadSeeker: failed open|could not fetch content descriptor/u,
    headline: 'Docker could not download a layer of an image',
    cause: 'The registry, or the cache of the build, did not hand out a layer that it had promised.',
    next: 'Re-run the failed jobs; if it comes back, build once without the cache.',
    weight: 9.6,
    category: 'infrastructure',
  },
  {
    pattern: /denied: permission_denied: (?<right>\w{3,40})/u,
    headline: 'The container registry refuses the push: the token lacks the right {right}',
    cause: 'The job is logged in, but its token may not write this package.',
    next: 'Give the job "permissions: packages: write", and check that the package is linked to this repository.',
    weight: 9.5,
  },
  {
    pattern: /^(?:error: )?timed out waiting for the condition/u,
    headline: 'Kubernetes does not get ready in time: timed out waiting for the condition',
    cause: 'The new pods did not start or did not pass their checks before the time limit of the command.',
    next: 'Look at the pods and their events: kubectl describe pods and kubectl logs.',
    weight: 7.5,
  },
  {
    pattern:
      /template: (?<file>[\w./-]{3,150}\.(?:ya?ml|tpl|txt)):(?<row>\d{1,6}):\d{1,6}: (?:executing "[^"]{1,150}" at )?(?<why>.{4,150})/u,
    headline: 'The Helm template {file}:{row} cannot be rendered: {why}',
    cause: 'The template asks for a value that is not set, or is written wrongly.',
    next: 'Set the value or correct the template; see the result locally with: helm template',
    weight: 9,
    category: null,
  },
];
