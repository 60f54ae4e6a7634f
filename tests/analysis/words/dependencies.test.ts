import { describe, expect, test } from '@jest/globals';
import { explain, step } from './support.ts';

/** What the log says, and the words that it becomes. */
const CASES: ReadonlyArray<{ what: string; log: string; headline: string; cause: string; next: string }> = [
  {
    what: 'npm: a package that does not exist',
    log: step(
      'npm install',
      `npm ERR! code E404
npm ERR! 404 Not Found - GET https://registry.npmjs.org/left-padd - Not found
npm ERR! 404
npm ERR! 404  'left-padd@9' is not in this registry.`,
    ),
    headline: 'npm cannot find the package left-padd@9',
    cause:
      'The registry answers that it has no such package: the name is misspelled, the package is private, or it was never published. The log says: npm ERR! 404 \'left-padd@9\' is not in this registry. It happens in the command "npm install" (exit code 1).',
    next: 'Check the name in package.json; for a private package, check the registry and the token in .npmrc.',
  },
  {
    what: 'npm: a version that does not exist',
    log: step(
      'npm install',
      `npm error code ETARGET
npm error notarget No matching version found for left-pad@99.0.0.
npm error notarget In most cases you or one of your dependencies are requesting a package version that doesn't exist.`,
    ),
    headline: 'npm finds no version for left-pad@99.0.0',
    cause:
      'The package exists, but none of its versions fits the range that is asked for. The log says: No matching version found for left-pad@99.0.0. It happens in the command "npm install" (exit code 1).',
    next: 'Correct the version in package.json and renew the lock file with: npm install',
  },
  {
    what: 'npm ci: the lock file',
    log: step(
      'npm ci',
      `npm error code EUSAGE
npm error \`npm ci\` can only install packages when your package.json and package-lock.json or npm-shrinkwrap.json are in sync. Please update your lock file with \`npm install\` before continuing.
npm error Missing: left-pad@1.3.0 from lock file`,
    ),
    headline: 'package-lock.json does not fit package.json',
    cause:
      'npm ci installs only what the lock file says, and the lock file lacks what package.json asks for. It happens in the command "npm ci" (exit code 1).',
    next: 'Renew the lock file and commit it: npm install',
  },
  {
    what: 'npm: a script that is missing',
    log: step(
      'npm run deploy',
      `npm error Missing script: "deploy"
npm error
npm error To see a list of scripts, run:
npm error   npm run`,
    ),
    headline: "package.json has no script 'deploy'",
    cause:
      'The step runs a script that is not listed under "scripts" of the package.json in its folder. It happens in the command "npm run deploy" (exit code 1).',
    next: 'Add the script to package.json, or correct its name in the workflow; this lists the scripts: npm run',
  },
  {
    what: 'Yarn: frozen lock file',
    log: step(
      'yarn install --frozen-lockfile',
      `[1/4] Resolving packages...
error Your lockfile needs to be updated, but yarn was run with \`--frozen-lockfile\`.`,
    ),
    headline: 'yarn.lock does not fit package.json',
    cause:
      'Yarn may not change the lock file in CI, and package.json asks for something else. The log says: Your lockfile needs to be updated, but yarn was run with `--frozen-lockfile`. It happens in the command "yarn install --frozen-lockfile" (exit code 1).',
    next: 'Renew the lock file and commit it: yarn install',
  },
  {
    what: 'pnpm',
    log: step(
      'pnpm install --frozen-lockfile',
      ` ERR_PNPM_OUTDATED_LOCKFILE  Cannot install with "frozen-lockfile" because pnpm-lock.yaml is not up to date with package.json`,
    ),
    headline: 'pnpm-lock.yaml does not fit package.json',
    cause:
      'pnpm may not change the lock file in CI, and package.json asks for something else. The log says: ERR_PNPM_OUTDATED_LOCKFILE Cannot install with "frozen-lockfile" because pnpm-lock.yaml is not up to date with package.json. It happens in the command "pnpm install --frozen-lockfile" (exit code 1).',
    next: 'Renew the lock file and commit it: pnpm install',
  },
  {
    what: 'Node.js: a module',
    log: step(
      'node server.js',
      `node:internal/modules/cjs/loader:1080
  throw err;
  ^

Error: Cannot find module 'express'
Require stack:
- /home/runner/work/shop/shop/server.js`,
    ),
    headline: "Node.js cannot find the module 'express'",
    cause:
      'It is not installed, not built yet, or the path to it is wrong; capital letters count on Linux. It happens in the command "node server.js" (exit code 1).',
    next: 'Check the import; if it is a package, list it in package.json, and if it is a build result, build it before this step.',
  },
  {
    what: 'pip',
    log: step(
      'pip install -r requirements.txt',
      `ERROR: Could not find a version that satisfies the requirement torch==9.9 (from versions: 2.0.0, 2.1.0)
ERROR: No matching distribution found for torch==9.9`,
    ),
    headline: 'pip finds no version for torch==9.9',
    cause:
      'No release of the package fits the version that is asked for, the Python of the job and its platform. The log says: Could not find a version that satisfies the requirement torch==9.9 (from versions: 2.0.0, 2.1.0). It happens in the command "pip install -r requirements.txt" (exit code 1).',
    next: 'Check name and version in the requirements, and whether the package supports the Python version of the job.',
  },
  {
    what: 'Python: a module',
    log: step(
      'python manage.py check',
      `Traceback (most recent call last):
  File "manage.py", line 3, in <module>
    import django
ModuleNotFoundError: No module named 'django'`,
    ),
    headline: "Python cannot find the module 'django'",
    cause:
      'It is not installed in the environment of the job, or its folder is not on the path of Python. It happens in the command "python manage.py check" (exit code 1).',
    next: 'Add the package that holds django to the dependencies, or install the project itself: pip install -e .',
  },
  {
    what: 'Bundler',
    log: step(
      'bundle install',
      `Bundler could not find compatible versions for gem "rack":
  In Gemfile:
    rails (~> 7.0) was resolved to 7.0.0, which depends on
      rack (~> 2.2)`,
      6,
    ),
    headline: 'Bundler finds no version of rack that fits all',
    cause:
      'Several gems ask for versions of it that exclude each other. It happens in the command "bundle install" (exit code 6).',
    next: 'Align the versions in the Gemfile: bundle update rack',
  },
  {
    what: 'Maven',
    log: step(
      'mvn -B package',
      `[ERROR] Failed to execute goal on project cart: Could not resolve dependencies for project com.shop:cart:jar:1.0: Could not find artifact com.shop:tax:jar:9.9 in central (https://repo.maven.apache.org/maven2) -> [Help 1]`,
    ),
    headline: 'Maven cannot get com.shop:tax:jar:9.9 from central',
    cause:
      'The repository does not have that version, was away, or does not let the job read it. It happens in the command "mvn -B package" (exit code 1).',
    next: 'Check the version in pom.xml and the list of repositories; if the repository was away, re-run the failed jobs.',
  },
  {
    what: 'Gradle',
    log: step(
      './gradlew build',
      `FAILURE: Build failed with an exception.

* What went wrong:
Execution failed for task ':compileJava'.
> Could not resolve all files for configuration ':compileClasspath'.
   > Could not find com.shop:tax:9.9.`,
    ),
    headline: 'Gradle cannot find com.shop:tax:9.9',
    cause:
      'None of the repositories of the build has that version, or they could not be reached. It happens in the command "./gradlew build" (exit code 1).',
    next: 'Check the version in the build file and the list of repositories; if one was away, re-run the failed jobs.',
  },
  {
    what: 'Go modules',
    log: step(
      'go build ./...',
      `cart/cart.go:4:2: no required module provides package github.com/shop/tax; to add it:
	go get github.com/shop/tax`,
    ),
    headline: 'Go cannot find the package github.com/shop/tax',
    cause:
      'No module in go.mod provides it, or its path is wrong. The log says: no required module provides package github.com/shop/tax; to add it. It happens in the command "go build ./..." (exit code 1).',
    next: 'Add it and commit go.mod and go.sum: go get github.com/shop/tax',
  },
  {
    what: 'Cargo.lock',
    log: step(
      'cargo build --locked',
      `error: the lock file /home/runner/work/shop/shop/Cargo.lock needs to be updated but --locked was passed to prevent this`,
      101,
    ),
    headline: 'Cargo.lock does not fit Cargo.toml',
    cause:
      'The build may not change the lock file (--locked), and Cargo.toml asks for something else. The log says: the lock file Cargo.lock needs to be updated but --locked was passed to prevent this. It happens in the command "cargo build --locked" (exit code 101).',
    next: 'Renew the lock file and commit it: cargo update --workspace',
  },
  {
    what: 'cargo audit',
    log: step(
      'cargo audit',
      `Crate:     time
Version:   0.1.43
Title:     Potential segfault in the time crate
error: 1 vulnerability found!`,
    ),
    headline: 'cargo audit finds 1 vulnerable version',
    cause:
      'Versions in Cargo.lock are listed in the advisory database; the change itself need not have added them. The log says: 1 vulnerability found! It happens in the command "cargo audit" (exit code 1).',
    next: 'See which and update them: cargo audit (or list an advisory that does not matter in audit.toml)',
  },
  {
    what: 'NuGet',
    log: step(
      'dotnet restore',
      `/home/runner/work/shop/shop/Shop.csproj : error NU1101: Unable to find package Shop.Tax. No packages exist with this id in source(s): nuget.org`,
    ),
    headline: 'NuGet cannot find the package Shop.Tax',
    cause:
      'None of the package sources has it, or the job may not read the source. The log says: Shop.csproj : error NU1101: Unable to find package Shop.Tax. No packages exist with this id in source(s): nuget.org. It happens in the command "dotnet restore" (exit code 1).',
    next: 'Check its name in the project file and the sources in nuget.config.',
  },
  {
    what: 'Composer',
    log: step(
      'composer install',
      `Your requirements could not be resolved to an installable set of packages.

  Problem 1
    - Root composer.json requires shop/tax ^9.9, it could not be found in any version`,
      2,
    ),
    headline: 'Composer cannot fit the dependencies together',
    cause:
      'A package asks for a version of PHP, of an extension or of another package that cannot be had. The log says: Your requirements could not be resolved to an installable set of packages. It happens in the command "composer install" (exit code 2).',
    next: 'Read "Problem 1" in the log and correct composer.json: composer update --dry-run',
  },
  {
    what: 'apt',
    log: step(
      'sudo apt-get install -y libtax-dev',
      `Reading package lists...
E: Unable to locate package libtax-dev`,
      100,
    ),
    headline: 'apt cannot find the package libtax-dev',
    cause:
      'It does not exist under that name in this version of the distribution, or the package lists are old. It happens in the command "sudo apt-get install -y libtax-dev" (exit code 100).',
    next: 'Run apt-get update before the install, and check the name of libtax-dev for this image.',
  },
  {
    what: 'R',
    log: step(
      'Rscript -e "devtools::check()"',
      `Error in library(testthat) : there is no package called ‘testthat’
Execution halted`,
    ),
    headline: "The R package 'testthat' is not installed",
    cause:
      'The code loads it, and the job has not installed it. The log says: Error in library(testthat) : there is no package called ‘testthat’. It happens in the command "Rscript -e "devtools::check()"" (exit code 1).',
    next: 'Install it in the step that sets up R, or list it in DESCRIPTION so that the step finds it.',
  },
];

describe('Dependencies that cannot be had', () => {
  test.each(CASES)('$what', async ({ log, headline, cause, next }) => {
    const answer = await explain(log);

    expect(answer).toMatchObject({ headline, cause, nextStep: next });
  });
});
