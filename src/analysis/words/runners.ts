import type { Facts, LogLine } from '../../domain/diagnosis.ts';

/** What runs tests: its key in tables, and its name as its makers write it. */
export interface Runner {
  readonly key: string;
  readonly name: string;
}

const NAMES: Readonly<Record<string, string>> = {
  pytest: 'pytest',
  unittest: 'unittest',
  'go test': 'go test',
  'cargo test': 'cargo test',
  jest: 'Jest',
  vitest: 'Vitest',
  mocha: 'Mocha',
  karma: 'Karma',
  playwright: 'Playwright',
  cypress: 'Cypress',
  'node:test': 'node:test',
  maven: 'Maven',
  gradle: 'Gradle',
  scalatest: 'ScalaTest',
  sbt: 'sbt',
  junit: 'JUnit',
  rspec: 'RSpec',
  cucumber: 'Cucumber',
  minitest: 'Minitest',
  phpunit: 'PHPUnit',
  'run-tests.php': 'run-tests.php',
  'dotnet test': 'dotnet test',
  xunit: 'xUnit',
  nunit: 'NUnit',
  exunit: 'ExUnit',
  common_test: 'Common Test',
  eunit: 'EUnit',
  googletest: 'GoogleTest',
  ctest: 'CTest',
  catch2: 'Catch2',
  xcodebuild: 'XCTest',
  bazel: 'Bazel',
  bun: 'Bun',
  busted: 'busted',
  deno: 'Deno',
  flutter: 'Flutter',
  prove: 'prove',
  'swift test': 'XCTest',
  testthat: 'testthat',
};

/** Commands give away their runner where the lines do not. */
const BY_COMMAND: ReadonlyArray<readonly [RegExp, string]> = [
  [/\bgradlew?\b/u, 'gradle'],
  [/\bmvnw?\b/u, 'maven'],
  [/\bpytest\b/u, 'pytest'],
  [/\bgo test\b/u, 'go test'],
  [/\bnode (?:--[\w=-]{1,60} ){0,6}--test\b/u, 'node:test'],
  [/\bcargo (?:test|nextest)\b/u, 'cargo test'],
  [/\bvitest\b/u, 'vitest'],
  [/\bjest\b/u, 'jest'],
  [/\bmocha\b/u, 'mocha'],
  [/\bphpunit\b/u, 'phpunit'],
  [/\brspec\b/u, 'rspec'],
  [/\bmix test\b/u, 'exunit'],
  [/\bdotnet test\b/u, 'dotnet test'],
  [/\bsbt\b/u, 'sbt'],
  [/\bctest\b/u, 'ctest'],
  [/\bswift test\b/u, 'swift test'],
  [/\brebar3? eunit\b/u, 'eunit'],
  [/\brebar3? ct\b/u, 'common_test'],
  [/\bbazel test\b/u, 'bazel'],
  [/\bbun test\b/u, 'bun'],
];

/** Which test runner speaks in the log; a build tool that started it knows best how to start it again. */
export function runnerOf({ tool, failedCommand, ecosystem, failingTests: [first] }: Facts): Runner | null {
  const ran = BY_COMMAND.find(([command]) => command.test(failedCommand ?? ''))?.[1];
  const isBuildTool = ran === 'maven' || ran === 'gradle' || ran === 'sbt' || ran === 'swift test';
  const isForeign = /^(?:javascript|python|ruby)$/u.test(ecosystem ?? '');
  const own = NAMES[tool ?? ''] === undefined ? undefined : (tool ?? undefined);
  const key = isBuildTool && !isForeign ? ran : (own ?? ran ?? byFile(first?.file ?? ''));
  const name = NAMES[key ?? ''];
  return key === undefined || name === undefined ? null : { key, name };
}

/** Ruby's files say by their names what runs them. */
function byFile(file: string): string | undefined {
  if (file.endsWith('_spec.rb')) return 'rspec';
  return /(?:^|\/)(?:test_\w{1,80}|\w{1,80}_test)\.rb$/u.test(file) ? 'minitest' : undefined;
}

/** How tools sum up: `failed` of `total`, or `failed` and `passed`. */
const SUMMARIES: readonly RegExp[] = [
  /^\s{0,8}Tests:\s{1,8}(?<failed>\d{1,6}) failed, (?:.{0,60}, )?(?<total>\d{1,7}) total$/u,
  /^={3,} (?:.{0,60}\b)?(?<failed>\d{1,6}) failed, (?<passed>\d{1,7}) passed\b/u,
  /Tests run: ?(?<total>\d{1,7}), {1,2}Failures: (?<failed>\d{1,6}), {1,2}Errors: (?<errors>\d{1,6})/u,
  /(?<total>\d{1,7}) tests? completed, (?<failed>\d{1,6}) failed/u,
  /^test result: FAILED\. (?<passed>\d{1,7}) passed; (?<failed>\d{1,6}) failed;/u,
  /^(?<total>\d{1,7}) examples?, (?<failed>\d{1,6}) failures?/u,
  /^Tests: (?<total>\d{1,7}), Assertions: \d{1,8}, (?:Errors: (?<errors>\d{1,6})(?:, |\.$))?(?:Failures: (?<failed>\d{1,6}))?/u,
  /Failed:\s{1,8}(?<failed>\d{1,6}), Passed:\s{1,8}\d{1,7}, Skipped:\s{1,8}\d{1,7}, Total:\s{1,8}(?<total>\d{1,7})/u,
  /^(?<total>\d{1,7}) tests?, (?<failed>\d{1,6}) failures?/u,
];

/** How many tests ran in all, where a summary speaks of as many failures as are named; null elsewhere. */
export function totalOf(lines: readonly LogLine[], failing: number): number | null {
  for (const { text } of lines) {
    for (const summary of SUMMARIES) {
      const groups = summary.exec(text)?.groups;
      if (groups === undefined) continue;
      const number = (name: string): number => Number.parseInt(groups[name] ?? '0', 10);
      const failed = number('failed') + number('errors');
      const total = groups['total'] === undefined ? failed + number('passed') : number('total');
      if (failed === failing && total > failed) return total;
    }
  }
  return null;
}
