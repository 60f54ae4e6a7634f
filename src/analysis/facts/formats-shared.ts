import type { FactFormat } from './format.ts';

const test = { kind: 'test', needsRunner: true } as const;

/** Shapes that several runners share; looked at after those that only one has. */
export const SHARED_FORMATS: readonly FactFormat[] = [
  // xcpretty: ✗ testTotal, XCTAssertEqual failed: ...
  { ...test, literals: ['✗ '], pattern: /^\s{0,12}✗ (?<test>test\w{1,160}), (?<message>.{1,300})$/u },
  // A cross before the name: Vitest, Mocha, Pest, bats, Elm, Jasmine
  {
    ...test,
    literals: ['✕ ', '✗ ', '✖ ', '✘ ', '× ', '⨯ '],
    pattern:
      /^\s{0,24}(?:\[\w{1,20}\] )?[✕✗✖✘×⨯]\s{1,4}(?!\d{1,6}[: ]|\d{1,6}$|Failed|\[|\w{1,40}\([\w@/-]{1,80}\):)(?!.{0,300} (?:\[[a-z-]{3,40}\]|\(skipped\))$)(?<test>\S.{1,300}?)(?: \(?\d{1,9}(?:\.\d{1,3})? ?m?s\)?)?$/u,
  },
  // A number before the name: Mocha, Cypress, RSpec, PHPUnit, Jasmine, Codeception
  {
    ...test,
    literals: ['0) ', '1) ', '2) ', '3) ', '4) ', '5) ', '6) ', '7) ', '8) ', '9) '],
    pattern: /^\s{0,16}\d{1,4}\) (?!(?:Failure|Error|Skipped)(?::|$)|\S{1,250}\.\w{1,5}(?::\d|$))(?<test>\S.{1,300})/u,
  },
];
