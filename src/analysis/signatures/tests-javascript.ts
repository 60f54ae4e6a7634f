import type { Signature } from './signature.ts';

const javascript = { ecosystem: 'javascript', category: 'test' } as const;
const test = { category: 'test' } as const;

/** What test runners of JavaScript print when a test fails. */
export const JAVASCRIPT_TESTS: readonly Signature[] = [
  {
    literals: ['● '],
    pattern: /^\s{0,8}● (?!Console|Validation Warning|Deprecation)(?<test>\S.{2,300})$/u,
    weight: 9,
    role: 'test',
    tool: 'jest',
    after: 32,
    ...javascript,
  },
  {
    literals: ['fail '],
    pattern: /^\s{0,4}FAIL\s{1,6}(?:\S{1,60} )?(?<file>[\w@./\\-]{1,200}\.\w{1,6})(?: \(.{1,30}\))?$/u,
    weight: 7,
    tool: 'jest',
    after: 3,
    ...javascript,
  },
  {
    literals: ['fail '],
    pattern: /^\s{0,4}FAIL\s{1,6}(?:\|?[\w@/-]{1,60}\|? )?(?<file>[\w@./\\-]{1,200}\.\w{1,6}) > (?<test>.{2,300})$/u,
    weight: 9,
    role: 'test',
    tool: 'vitest',
    after: 20,
    ...javascript,
  },
  {
    literals: ['✕ ', '✗ ', '✖ ', '✘ ', '× '],
    pattern:
      /^\s{0,24}(?:\[\w{1,20}\] )?[✕✗✖✘×]\s{1,4}(?!\d{1,6} (?:problem|test|of|failed|error|warning)|\d{1,6}:\d|(?:eslint|stylelint|prettier|tsc|tslint|biome|oxlint|markdownlint|remark|commitlint|lint-staged|npm|npx|yarn|pnpm|found|problems?)\b|.{0,300}!$)(?<test>\S.{1,300}?)(?: \(?\d{1,9}(?:\.\d{1,3})? ?m?s\)?)?$/u,
    weight: 7,
    role: 'test',
    after: 6,
    ...test,
  },
  {
    literals: ['0) ', '1) ', '2) ', '3) ', '4) ', '5) ', '6) ', '7) ', '8) ', '9) '],
    pattern: /^(?:\w{2} )?\s{0,16}\d{1,4}\) (?<test>\S.{1,300})$/u,
    weight: 6,
    role: 'test',
    after: 24,
    ...test,
  },
  {
    literals: [' failing'],
    pattern: /^\s{0,8}(?:[✖✗] )?\d{1,6} (?:tests? )?failing\b/u,
    weight: 6,
    role: 'summary',
    tool: 'mocha',
    after: 12,
    ...javascript,
  },
  {
    literals: ['tests:', 'test suites:'],
    pattern: /^\s{0,8}(?:Tests|Test Suites|Test Files|Suites)\s?:?\s{1,6}\d{1,6} failed/u,
    weight: 5,
    role: 'summary',
    tool: 'jest',
    after: 0,
    ...javascript,
  },
  {
    literals: [' failed'],
    pattern:
      /^[\w ]{3,40} [\d.]{1,20} \(.{1,60}\):? (?<test>.{3,300}) FAILED$|^Executed \d{1,6} of \d{1,6} .{0,40}FAILED/u,
    weight: 7,
    role: 'test',
    tool: 'karma',
    after: 10,
    ...javascript,
  },
];
