import type { Signature } from './signature.ts';

const python = { ecosystem: 'python', category: 'test' } as const;

/** What test runners of Python print when a test fails. */
export const PYTHON_TESTS: readonly Signature[] = [
  {
    literals: ['failed ', 'error '],
    pattern:
      /^(?:FAILED|ERROR)(?: [A-Z]{3,20}:)? (?:\[[\d.]{1,12}s\] )?(?<file>[\w./\\-]{1,200}\.py)(?:::(?<test>\S.{0,200}?))?(?: - (?<message>.{1,500}))?$/u,
    weight: 10,
    role: 'test',
    tool: 'pytest',
    after: 2,
    ...python,
  },
  {
    literals: ['___'],
    pattern: /^_{3,100} (?:ERROR (?:at \w{1,20} of|collecting) )?(?<test>[^_\s].{0,200}?) _{3,100}$/u,
    weight: 9,
    role: 'test',
    tool: 'pytest',
    after: 40,
    ...python,
  },
  {
    literals: ['e  '],
    pattern: /^E {3,40}(?<message>\S.{0,500})/u,
    weight: 8,
    role: 'message',
    tool: 'pytest',
    after: 4,
    before: 4,
    ...python,
  },
  {
    literals: ['.py:'],
    pattern: /^(?<file>[\w./-]{1,200}\.py):(?<row>\d{1,6}): (?:\w{1,60}(?:Error|Exception|Failed|Exit)|in .{1,100})?$/u,
    weight: 6,
    role: 'context',
    tool: 'pytest',
    after: 2,
    before: 4,
    ...python,
  },
  {
    literals: ['fail: ', 'error: '],
    pattern: /^(?:FAIL|ERROR): (?:Doctest: )?(?<test>[A-Za-z_][\w.]{2,150}(?: \([\w.]{3,200}\))?)(?: ?[.:].{0,100})?$/u,
    weight: 9,
    role: 'test',
    tool: 'unittest',
    after: 30,
    ...python,
  },
  {
    literals: ['===='],
    pattern: /^={3,} (?:.{0,60}\b)?\d{1,6} (?:failed|errors?)\b.{0,120}={3,}$/u,
    weight: 7,
    role: 'summary',
    tool: 'pytest',
    after: 0,
    ...python,
  },
  {
    literals: ['failed (failures', 'failed (errors'],
    pattern: /^FAILED \((?:failures|errors)=.{0,60}/u,
    weight: 7,
    role: 'summary',
    tool: 'unittest',
    after: 0,
    ...python,
  },
  {
    literals: ['traceback (most'],
    pattern: /Traceback \(most recent call last\)/u,
    weight: 6,
    role: 'context',
    ecosystem: 'python',
    after: 30,
    before: 2,
  },
];
