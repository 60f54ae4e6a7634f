import { describe, expect, test } from '@jest/globals';
import { explain, step } from './support.ts';

/** What the log says, and the words that it becomes. */
const CASES: ReadonlyArray<{ what: string; log: string; headline: string; cause: string; next: string }> = [
  {
    what: 'the disk is full',
    log: step(
      'pip install torch',
      `ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device`,
    ),
    headline: "The runner's disk is full",
    cause:
      'A file could not be written because no space is left on the disk of the runner. The code has no part in it. The log says: Could not install packages due to an OSError: [Errno 28] No space left on device. It happens in the command "pip install torch" (exit code 1).',
    next: 'Free disk space early in the job (remove images, caches and tools that it does not need) or use a larger runner, then re-run the failed jobs.',
  },
  {
    what: 'Node.js has no memory left',
    log: step(
      'npm run build',
      `<--- Last few GCs --->
FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory`,
      134,
    ),
    headline: 'Node.js runs out of memory',
    cause:
      'The heap of a Node.js process has reached its limit, which is lower than what the machine has. The log says: Reached heap limit Allocation failed - JavaScript heap out of memory. It happens in the command "npm run build" (exit code 134).',
    next: 'Raise the limit in the step, for example NODE_OPTIONS=--max-old-space-size=4096, or let fewer workers run at once.',
  },
  {
    what: 'a process was killed',
    log: step(
      'make',
      `Killed
make: *** [Makefile:4: all] Error 137`,
      2,
    ),
    headline: 'A process was killed, most likely for want of memory',
    cause:
      'The system ended it with the signal "kill"; on a runner that mostly means that memory ran out. The log says: Killed. It happens in the command "make" (exit code 2).',
    next: 'Give the job more memory or let fewer things run at once, then re-run the failed jobs.',
  },
  {
    what: 'the runner was lost',
    log: step(
      'npm test',
      `##[error]The runner has received a shutdown signal. This can happen when the runner service is stopped, or a manually started runner is canceled.`,
    ),
    headline: 'The runner was shut down while the job ran',
    cause:
      'The machine or the runner service was stopped from outside; the job could not finish. The log says: The runner has received a shutdown signal. This can happen when the runner service is stopped, or a manually started runner is canceled. It happens in the command "npm test" (exit code 1).',
    next: 'Re-run the failed jobs. If it happens again, look at the load of the runner, or at the scaling of your own runners.',
  },
  {
    what: 'a host name',
    log: step(
      'git clone https://git.shop.example/tax.git',
      `Cloning into 'tax'...
fatal: unable to access 'https://git.shop.example/tax.git/': Could not resolve host: git.shop.example`,
      128,
    ),
    headline: 'A host name cannot be resolved: git.shop.example',
    cause: `The DNS of the runner gave no address for it: the network of the runner failed, or the name is wrong. The log says: unable to access 'https://git.shop.example/tax.git/': Could not resolve host: git.shop.example. It happens in the command "git clone https://git.shop.example/tax.git" (exit code 128).`,
    next: 'Re-run the failed jobs; if it fails again, check that the name of the host is right.',
  },
  {
    what: 'a server that answers with an error',
    log: step('curl -fsSL https://shop.example/install.sh', `curl: (22) The requested URL returned error: 503`, 22),
    headline: 'A server that the job needs answers with an error (503)',
    cause:
      'The request reached the server, but it could not answer it then; the code has no part in it. The log says: curl: (22) The requested URL returned error: 503. It happens in the command "curl -fsSL https://shop.example/install.sh" (exit code 22).',
    next: 'Re-run the failed jobs; if it comes back, look at the status of the server that the log names.',
  },
  {
    what: 'a command that is not there',
    log: step('terraformx apply', `/home/runner/work/_temp/1.sh: line 1: terraformx: command not found`, 127),
    headline: 'The command terraformx does not exist on the runner',
    cause:
      'The shell could not find a program of that name in its PATH. It happens in the command "terraformx apply" (exit code 127).',
    next: 'Install terraformx in an earlier step, or correct its name or PATH.',
  },
  {
    what: 'a file that is not there',
    log: step('cat config/prod.yml', `cat: config/prod.yml: No such file or directory`),
    headline: 'A file is missing: config/prod.yml',
    cause:
      'A command of the step looked for it and found nothing at that path. It happens in the command "cat config/prod.yml" (exit code 1).',
    next: 'Check that config/prod.yml is committed or made by an earlier step, and that the path fits the working directory.',
  },
  {
    what: 'a script that may not be run',
    log: step('./deploy.sh', `/home/runner/work/_temp/1.sh: line 1: ./deploy.sh: Permission denied`, 126),
    headline: './deploy.sh may not be run or opened: permission denied',
    cause:
      'A script is not marked as executable, or the file belongs to another user. It happens in the command "./deploy.sh" (exit code 126).',
    next: 'For a script of the repository: git update-index --chmod=+x ./deploy.sh',
  },
  {
    what: 'a variable that is not set',
    log: step('bash deploy.sh', `deploy.sh: line 3: DEPLOY_TARGET: unbound variable`),
    headline: 'The variable DEPLOY_TARGET is not set',
    cause:
      'The script stops at variables without a value (set -u), and this one has none in the job. The log says: deploy.sh: line 3: DEPLOY_TARGET: unbound variable. It happens in the command "bash deploy.sh" (exit code 1).',
    next: 'Set DEPLOY_TARGET under "env:" of the step, or give it a default in the script.',
  },
  {
    what: 'a port that is taken',
    log: step('npm start', `Error: listen EADDRINUSE: address already in use :::3000`),
    headline: 'A port that the job needs is taken already',
    cause:
      'Another process on the runner listens on the same port. The log says: listen EADDRINUSE: address already in use :::3000. It happens in the command "npm start" (exit code 1).',
    next: 'Let the service choose a free port, or stop what was started earlier in the job.',
  },
  {
    what: 'Docker: a step of the build',
    log: step(
      'docker build .',
      `#9 [4/7] RUN apt-get install foo
#9 0.532 E: Unable to locate package foo
ERROR: failed to solve: process "/bin/sh -c apt-get install foo" did not complete successfully: exit code: 100`,
    ),
    headline: 'Docker build fails at step "RUN apt-get install foo": exit code 100',
    cause:
      'A command of the Dockerfile failed; the log holds its own output. The log says: failed to solve: process "/bin/sh -c apt-get install foo" did not complete successfully: exit code: 100. It happens in the command "docker build ." (exit code 1).',
    next: 'Build it locally and see the whole output: docker build --progress=plain .',
  },
  {
    what: 'Docker: an image',
    log: step(
      'docker pull shop/tax:9',
      `Error response from daemon: manifest for shop/tax:9 not found: manifest unknown: manifest unknown`,
    ),
    headline: 'The container image shop/tax:9 does not exist',
    cause:
      'The registry has no such tag, or the repository is private. The log says: Error response from daemon: manifest for shop/tax:9 not found: manifest unknown: manifest unknown. It happens in the command "docker pull shop/tax:9" (exit code 1).',
    next: 'Check name and tag of the image; for a private one, log in before.',
  },
  {
    what: 'Docker: the pull limit',
    log: step(
      'docker pull node',
      `Error response from daemon: toomanyrequests: You have reached your pull rate limit.`,
    ),
    headline: 'The container registry refuses because of its pull rate limit',
    cause:
      'Too many images were pulled from this address or account within the limit of the registry. The log says: Error response from daemon: toomanyrequests: You have reached your pull rate limit. It happens in the command "docker pull node" (exit code 1).',
    next: 'Log in to the registry in the job or use a mirror or cache, then re-run the failed jobs later.',
  },
  {
    what: 'Terraform: the lock',
    log: step(
      'terraform apply',
      `╷
│ Error: Error acquiring the state lock
│
│ Error message: ConditionalCheckFailedException: The conditional request failed
╵`,
    ),
    headline: 'Terraform cannot lock its state',
    cause:
      'Another run holds the lock, or one that was stopped has left it. It happens in the command "terraform apply" (exit code 1).',
    next: 'Wait for the other run; if there is none, remove the lock with terraform force-unlock and its id.',
  },
  {
    what: 'Helm',
    log: step('helm upgrade shop ./chart', `Error: UPGRADE FAILED: timed out waiting for the condition`),
    headline: 'The Helm release fails: timed out waiting for the condition',
    cause:
      'The cluster did not take the release, or it did not become ready in time. It happens in the command "helm upgrade shop ./chart" (exit code 1).',
    next: 'See the state of the release with helm status and the events of its pods with kubectl describe.',
  },
  {
    what: 'AWS',
    log: step(
      'aws s3 cp dist s3://shop --recursive',
      `upload failed: dist/a.js to s3://shop/a.js An error occurred (AccessDenied) when calling the PutObject operation: Access Denied`,
    ),
    headline: 'AWS refuses PutObject: AccessDenied',
    cause:
      'The request reached AWS, but was turned down with that code. The log says: upload failed: dist/a.js to s3://shop/a.js An error occurred (AccessDenied) when calling the PutObject operation: Access Denied. It happens in the command "aws s3 cp dist s3://shop --recursive" (exit code 1).',
    next: 'Check the rights of the role that the job uses for PutObject, and the names in the request.',
  },
  {
    what: 'a push to a protected branch',
    log: step(
      'git push origin main',
      ` ! [remote rejected] main -> main (protected branch hook declined)
error: failed to push some refs to 'https://github.com/shop/shop'`,
    ),
    headline: 'The push was rejected: protected branch hook declined',
    cause:
      'The remote repository did not accept what the job pushes. It happens in the command "git push origin main" (exit code 1).',
    next: 'If the branch has moved on, fetch and rebase before the push; if it is protected, give the job a way to write to it.',
  },
  {
    what: 'Docker: a layer',
    log: step(
      'docker build .',
      `ERROR: failed to solve: failed to compute cache key: failed to copy: httpReadSeeker: failed open: could not fetch content descriptor sha256:df9b9388f04a from remote: not found`,
    ),
    headline: 'Docker could not download a layer of an image',
    cause:
      'The registry, or the cache of the build, did not hand out a layer that it had promised. It happens in the command "docker build ." (exit code 1).',
    next: 'Re-run the failed jobs; if it comes back, build once without the cache.',
  },
  {
    what: 'a library',
    log: step(
      './shop',
      `./shop: error while loading shared libraries: libtax.so.3: cannot open shared object file: No such file or directory`,
      127,
    ),
    headline: 'The shared library libtax.so.3 is not on the runner',
    cause:
      'A program was built for a system with another version of the library than this one has. The log says: ./shop: error while loading shared libraries: libtax.so.3: cannot open shared object file: No such file or directory. It happens in the command "./shop" (exit code 127).',
    next: 'Install the package that holds libtax.so.3, or use a build of the program for this image.',
  },
  {
    what: 'Rust: a panic',
    log: step('cargo run', `thread 'main' panicked at 'no tax for this country', src/main.rs:31:9`, 101),
    headline: 'A Rust program panics: no tax for this country',
    cause: `The thread 'main' stopped there. The log says: thread 'main' panicked at 'no tax for this country', src/main.rs:31:9. It happens in the command "cargo run" (exit code 101).`,
    next: 'Run the same command locally with RUST_BACKTRACE=1 and start at the first frame of your own code.',
  },
  {
    what: 'a dead link',
    log: step(
      'npx markdown-link-check README.md',
      `FILE: README.md
  [✖] https://shop.example/gone → Status: 404`,
    ),
    headline: 'markdown-link-check finds a problem at README.md: https://shop.example/gone → Status: 404',
    cause:
      'markdown-link-check refuses README.md; it reports nothing else. It happens in the command "npx markdown-link-check README.md" (exit code 1).',
    next: 'Correct README.md. Check locally: npx markdown-link-check README.md',
  },
  {
    what: 'YAML',
    log: step(
      'yamllint .',
      `./config.yml
  3:9       error    syntax error: mapping values are not allowed here (syntax)`,
    ),
    headline: 'yamllint finds a problem at config.yml:3: syntax error: mapping values are not allowed here (syntax)',
    cause:
      'yamllint refuses config.yml, line 3; it reports nothing else. It happens in the command "yamllint ." (exit code 1).',
    next: 'Correct config.yml, line 3. Check locally: yamllint .',
  },
  {
    what: 'an exception that nothing catches',
    log: step(
      'node server.js',
      `/home/runner/work/shop/shop/server.js:3
TypeError: Cannot read properties of undefined (reading 'tax')
    at Object.<anonymous> (/home/runner/work/shop/shop/server.js:3:14)`,
    ),
    headline: "TypeError: Cannot read properties of undefined (reading 'tax')",
    cause: 'The command "node server.js" failed with exit code 1. The lines shown are what the log says of it.',
    next: 'Run it locally and correct the first error: node server.js',
  },
  {
    what: 'nothing but an exit code',
    log: step(
      './deploy.sh',
      `deploying to the shop
copied 31 files`,
      4,
    ),
    headline: 'The command "./deploy.sh" failed with exit code 4',
    cause: 'The log does not say why in words that the rules know; the lines shown stand right before the end.',
    next: 'See what the target refused, correct it, and deploy again.',
  },
  {
    what: 'make',
    log: step(
      'make lint',
      `checking 9 files
make: *** [Makefile:12: lint] Error 3`,
      2,
    ),
    headline: 'make fails at the target lint',
    cause:
      'A command of that target ended with an error, which the log shows right before. The log says: make: *** [Makefile:12: lint] Error 3. It happens in the command "make lint" (exit code 2).',
    next: 'Run it locally: make lint',
  },
];

describe('Machines, networks, shells and set-ups', () => {
  test.each(CASES)('$what', async ({ log, headline, cause, next }) => {
    const answer = await explain(log);

    expect(answer).toMatchObject({ headline, cause, nextStep: next });
  });
});
