import type { Signature } from './signature.ts';

const java = { ecosystem: 'java', category: 'test' } as const;
const test = { category: 'test' } as const;

/** What test runners of the JVM print when a test fails. */
export const JVM_TESTS: readonly Signature[] = [
  {
    literals: ['<<< fail', '<<< err'],
    pattern:
      /^(?:\[(?:ERROR|INFO)\] )?(?<test>[\w.$[\]{}()=:, -]{2,300}?)(?:\s|--|Time elapsed).{0,120}<<< (?:FAILURE|ERROR)!/u,
    weight: 9,
    role: 'test',
    tool: 'maven',
    after: 24,
    ...java,
  },
  {
    literals: [' > '],
    pattern: /^(?:> Task \S{1,120} )?(?<test>[\w.$ -]{2,200}(?:\[.{1,80}\])? > .{1,240}) FAILED$/u,
    weight: 9,
    role: 'test',
    tool: 'gradle',
    after: 16,
    ...java,
  },
  {
    literals: ['[error]   ', 'tests in error', 'failed tests:', '[error] failures:', '[error] errors:'],
    pattern:
      /^\[ERROR\] {2,6}(?<test>[A-Z][\w$]{1,120}(?:\.|>|->)[\w$.>[\]{}()-]{1,200}(?::\d{1,6})?)(?: (?<message>.{1,400}))?$/u,
    weight: 9,
    role: 'test',
    tool: 'maven',
    after: 1,
    ...java,
  },
  {
    literals: ['failed tests:', 'tests in error', 'failures:', 'errors:'],
    pattern: /^(?:\[(?:ERROR|error)\] )?(?:Failed tests|Tests in error|Failures|Errors):/u,
    weight: 7,
    role: 'context',
    after: 14,
    ...test,
  },
  {
    literals: ['tests run:'],
    pattern: /Tests run: ?\d{1,7}, {1,2}(?:Failures: [1-9]\d{0,6}|Failures: 0, {1,2}Errors: [1-9])/u,
    weight: 5,
    role: 'summary',
    tool: 'junit',
    after: 2,
    ...java,
  },
  {
    literals: ['failing tests', 'test failures', 'tests completed', 'tests failed'],
    pattern: /There (?:were|are) (?:failing tests|test failures)|\d{1,6} tests? completed, \d{1,6} failed/u,
    weight: 5,
    role: 'summary',
    after: 2,
    ...java,
  },
  {
    literals: ['*** failed ***'],
    pattern: /^(?:\[\w{1,6}\] )?\s{0,12}[-+*]?\s?(?<test>.{2,300}?) \*\*\* FAILED \*\*\*/u,
    weight: 9,
    role: 'test',
    tool: 'scalatest',
    ecosystem: 'scala',
    after: 12,
    ...test,
  },
  {
    literals: ['[error] '],
    pattern: /^\[error\] (?:x |! |Test )(?<test>.{2,300})$/u,
    weight: 8,
    role: 'test',
    tool: 'sbt',
    ecosystem: 'scala',
    after: 6,
    ...test,
  },
  {
    literals: ['junit jupiter:', 'junit vintage:'],
    pattern: /^\s{0,12}(?:\[junit\]\s{0,12})?JUnit (?:Jupiter|Vintage):(?<test>[\w.$]{2,200}:.{2,200})$/u,
    weight: 9,
    role: 'test',
    tool: 'junit',
    after: 4,
    ...java,
  },
  {
    literals: ['[junit]'],
    pattern:
      /^\s{0,12}\[junit\] (?:Testcase: (?<test>.{2,200}?)(?:\(.{1,200}\))?:?\s{1,4}(?:FAILED|Caused an ERROR)|Test (?<file>[\w.$]{2,200}) FAILED)/u,
    weight: 8,
    role: 'test',
    tool: 'junit',
    after: 8,
    ...java,
  },
];
