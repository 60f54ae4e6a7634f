import type { Known } from './known.ts';

/** npm, Yarn, pnpm, bundlers, browsers and checks of the JavaScript world. */
export const JAVASCRIPT: readonly Known[] = [
  {
    pattern:
      /404\s{1,4}'?(?<package>(?:@[\w.-]{1,80}\/)?[\w.-]{1,100}@[\w.^~<>=*| -]{1,40}?)'? is not in (?:this|the npm) registry/u,
    headline: 'npm cannot find the package {package}',
    cause:
      'The registry answers that it has no such package: the name is misspelled, the package is private, or it was never published.',
    next: 'Check the name in package.json; for a private package, check the registry and the token in .npmrc.',
    weight: 9.5,
  },
  {
    pattern: /404 Not Found - GET \S{1,80}?\/(?<package>(?:@[\w.-]{1,80}(?:\/|%2f))?[\w.-]{1,100})(?: - Not found)?$/iu,
    headline: 'npm cannot find the package {package}',
    cause:
      'The registry answers that it has no such package: the name is misspelled, the package is private, or it was never published.',
    next: 'Check the name in package.json; for a private package, check the registry and the token in .npmrc.',
    weight: 9,
  },
  {
    pattern:
      /No matching version found for (?<package>(?:@[\w.-]{1,80}\/)?[\w.-]{1,100}@[^\s.]{1,20}(?:\.[\w*-]{1,30}){0,4})/u,
    headline: 'npm finds no version for {package}',
    cause: 'The package exists, but none of its versions fits the range that is asked for.',
    next: 'Correct the version in package.json and renew the lock file with: npm install',
    weight: 9.5,
  },
  {
    pattern: /ERESOLVE|unable to resolve dependency tree|could not resolve$/u,
    headline: 'npm cannot fit the dependencies together (ERESOLVE)',
    cause: 'Two packages ask for versions of a third that exclude each other.',
    next: 'Align the versions that the log names in package.json, then renew the lock file with: npm install',
    weight: 8,
  },
  {
    pattern: /Could not resolve dependency:?\s?(?:peer )?(?<package>\S{1,100})?/u,
    headline: 'npm cannot fit the dependencies together (ERESOLVE)',
    cause: 'Two packages ask for versions of a third that exclude each other.',
    next: 'Align the versions that the log names in package.json, then renew the lock file with: npm install',
    weight: 7,
  },
  {
    pattern:
      /`npm ci` can only install packages when your package\.json and|package\.json and package-lock\.json are (?:not )?in sync|Missing: (?<package>\S{1,100}) from lock file/u,
    headline: 'package-lock.json does not fit package.json',
    cause: 'npm ci installs only what the lock file says, and the lock file lacks what package.json asks for.',
    next: 'Renew the lock file and commit it: npm install',
    weight: 9.5,
  },
  {
    pattern: /can only install with an existing package-lock\.json/u,
    headline: 'There is no package-lock.json, and npm ci needs one',
    cause: 'npm ci installs only from a lock file, and the repository has none at that place.',
    next: 'Commit package-lock.json, or run npm install in the step instead.',
    weight: 9.5,
  },
  {
    pattern: /Your lockfile needs to be updated|lockfile would have been modified by this install|YN0028/u,
    headline: 'yarn.lock does not fit package.json',
    cause: 'Yarn may not change the lock file in CI, and package.json asks for something else.',
    next: 'Renew the lock file and commit it: yarn install',
    weight: 9.5,
  },
  {
    pattern: /ERR_PNPM_OUTDATED_LOCKFILE|Cannot install with "frozen-lockfile"/u,
    headline: 'pnpm-lock.yaml does not fit package.json',
    cause: 'pnpm may not change the lock file in CI, and package.json asks for something else.',
    next: 'Renew the lock file and commit it: pnpm install',
    weight: 9.5,
  },
  {
    pattern: /ERR_PNPM_(?:NO_MATCHING_VERSION|FETCH_404)\w{0,20}\s{1,4}(?<what>.{3,150})/u,
    headline: 'pnpm cannot get a package: {what}',
    cause: 'The registry has no such package or version, or the job may not read it.',
    next: 'Check the name and version in package.json; for a private package, check the registry and the token in .npmrc.',
    weight: 9.5,
  },
  {
    pattern:
      /Couldn't find (?:any versions for )?"?(?:package )?"?(?<package>(?:@[\w.-]{1,80}\/)?[\w.-]{1,100})"?.{0,60}?(?:registry|that matches)/u,
    headline: 'Yarn cannot find the package {package}',
    cause: 'The registry has no such package, or no version that fits the range that is asked for.',
    next: 'Check the name and version in package.json and renew the lock file with: yarn install',
    weight: 9.5,
  },
  {
    pattern:
      /The engine "(?<engine>\w{1,20})" is incompatible with this module. Expected version "(?<wanted>[^"]{1,40})". Got "(?<version>[^"]{1,20})"/u,
    headline: 'A package needs {engine} {wanted}, and the job has {version}',
    cause: 'Yarn refuses to install a package whose "engines" do not fit.',
    next: 'Raise the version of {engine|the engine} in the workflow, or use a version of the package that fits.',
    weight: 9.5,
  },
  {
    pattern: /EBADENGINE|Unsupported engine/u,
    headline: 'A package asks for another version of Node.js than the job has',
    cause: 'The "engines" of the package do not fit the Node.js of the job.',
    next: 'Set the version of Node.js in the workflow to one that the package allows.',
    weight: 4,
  },
  {
    pattern: /EINTEGRITY|integrity checksum failed/u,
    headline: 'A downloaded package does not fit the checksum of the lock file',
    cause: 'The registry delivered other bytes than those that were locked, or the cache is damaged.',
    next: 'Re-run without caches; if it stays, renew the entry in the lock file after checking where the package comes from.',
    weight: 9,
  },
  {
    pattern: /You cannot publish over the previously published versions|EPUBLISHCONFLICT|cannot publish over/u,
    headline: 'This version was published to npm already',
    cause: 'A version can be published only once.',
    next: 'Raise the version in package.json and publish again.',
    weight: 9.5,
  },
  {
    pattern: /\b(?:ENEEDAUTH|E401|E403)\b/u,
    headline: 'The npm registry refuses the token of the job',
    cause: 'The token is missing, has expired, or has no right to this package.',
    next: 'Check the token (NODE_AUTH_TOKEN) and the registry of the step; renew the secret if it has expired.',
    weight: 9,
  },
  {
    pattern: /[Mm]issing script:? "?(?<script>[\w:.-]{1,80})|error Command "(?<script>[^"]{1,80})" not found/u,
    headline: "package.json has no script '{script}'",
    cause: 'The step runs a script that is not listed under "scripts" of the package.json in its folder.',
    next: 'Add the script to package.json, or correct its name in the workflow; this lists the scripts: npm run',
    weight: 9.5,
  },
  {
    pattern:
      /(?:Can't resolve|Could not resolve|Failed to resolve import) ['"](?<module>[^'"]{1,150})['"](?: (?:in|from) ['"](?<place>[^'"]{1,200}))?/u,
    headline: "The module '{module}' cannot be found",
    cause: 'The bundler found neither a file nor an installed package of that name.',
    next: 'Check the path and its capital letters; if it is a package, add it to package.json and install it.',
    weight: 8.5,
  },
  {
    pattern:
      /Cannot find (?:module|package) ['"](?<module>[^'"]{1,200})['"](?: (?:imported )?from ['"]?(?<place>[^'"\s]{1,200}))?/u,
    headline: "Node.js cannot find the module '{module}'",
    cause: 'It is not installed, not built yet, or the path to it is wrong; capital letters count on Linux.',
    next: 'Check the import; if it is a package, list it in package.json, and if it is a build result, build it before this step.',
    weight: 8,
  },
  {
    pattern: /ERR_OSSL_EVP_UNSUPPORTED/u,
    headline: 'The build tool does not work with the OpenSSL of this Node.js',
    cause: 'Older versions of webpack use a hash that OpenSSL 3, in Node.js 17 and later, does not offer.',
    next: 'Update webpack, or use Node.js 16 until then.',
    weight: 9.5,
  },
  {
    pattern: /Executable doesn't exist at \S{0,100}(?:ms-playwright|chrom)|playwright install/u,
    headline: 'The browsers of Playwright are not installed',
    cause: 'Playwright was installed without the browsers that it drives.',
    next: 'Add a step before the tests: npx playwright install --with-deps',
    weight: 9,
  },
  {
    pattern:
      /(?:Jest: )?"(?<scope>[^"]{1,80})" coverage threshold for (?<what>\w{1,20}) \((?<wanted>[\d.]{1,6})%?\) not met: (?<actual>[\d.]{1,6})/u,
    headline: 'Test coverage is too low: {actual}% of {what} instead of {wanted}%',
    cause: 'The tests pass, but they run less of the code than the project asks for.',
    next: 'Add tests for the new code, or look at the report: npx jest --coverage',
    weight: 8.5,
  },
  {
    pattern:
      /Coverage for (?<what>\w{1,20}) \((?<actual>[\d.]{1,6})%\) does not meet (?:global )?threshold \((?<wanted>[\d.]{1,6})%\)/u,
    headline: 'Test coverage is too low: {actual}% of {what} instead of {wanted}%',
    cause: 'The tests run less of the code than the project asks for.',
    next: 'Add tests for the new code; the coverage report shows which lines are not run.',
    weight: 8.5,
  },
  {
    pattern: /Package size limit has exceeded by (?<by>[\d.]{1,10} ?\w{1,3})/u,
    headline: 'The package exceeds its size limit by {by}',
    cause: 'The bundle has grown beyond the limit that the project sets.',
    next: 'See what has grown with: npx size-limit --why (or raise the limit in package.json on purpose)',
    weight: 9,
  },
  {
    pattern: /gyp ERR! (?:build error|configure error|stack Error: (?<why>.{3,120}))/u,
    headline: 'A native Node.js module cannot be built (node-gyp)',
    cause: 'No prebuilt binary fits, and compiling it on the runner failed.',
    next: 'Use a version of the module that supports this Node.js, or install Python and a C++ compiler in the job.',
    weight: 7.5,
  },
  {
    pattern: /(?<count>\d{1,6}) (?:(?:\w{1,10} severity )?vulnerabilit(?:y|ies)) (?:found|\()/u,
    headline: 'The audit finds {count#vulnerable version}',
    cause: 'Versions in the lock file are listed in the advisory database; the change itself need not have added them.',
    next: 'Update the packages that the log names, or record why an advisory does not matter here.',
    weight: 5.5,
  },
  {
    pattern:
      /Protocol error.{0,60}Target closed|Failed to launch (?:the browser|chrome)|Chrom\w{1,20} failed to start|Cannot start Chrom/iu,
    headline: 'The browser for the tests does not start or has crashed',
    cause: 'The tests could not talk to the browser, so they did not run to their end.',
    next: 'Check that the browser and its libraries are installed in the job; in a container it may need --no-sandbox.',
    weight: 7.5,
  },
  {
    pattern: /Your test suite must contain at least one test|No tests? (?:files? )?found,? exiting with code 1/u,
    headline: 'The test runner finds no tests',
    cause: 'No file fits the pattern of the runner, or a test file holds no test.',
    next: 'Check the pattern for test files and the folder in which the step runs.',
    weight: 7,
  },
  {
    pattern: /^"(?<script>[\w:.-]{1,60})" exited with (?<code>\d{1,4})/u,
    headline: 'The npm script "{script}" fails with exit code {code}',
    cause: 'It was started by another script, which stops with it.',
    next: 'Run it alone locally: npm run {script|SCRIPT}',
    weight: 5,
  },
  {
    pattern: /Error building site: (?<why>.{3,150})/u,
    headline: 'The site cannot be built: {why}',
    cause: 'The site generator stopped at errors in pages or templates that the log names.',
    next: 'Build the site locally with the same command and correct the pages that it names.',
    weight: 6.5,
  },
];
