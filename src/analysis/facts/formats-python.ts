import type { FactFormat } from './format.ts';

const test = { kind: 'test' } as const;
const problem = { kind: 'problem' } as const;

/** Test runners and linters of Python. */
export const PYTHON_FORMATS: readonly FactFormat[] = [
  // pytest's short summary
  {
    ...test,
    literals: ['failed ', 'error '],
    pattern:
      /^(?:FAILED|ERROR) (?:\[[\d.]{1,12}s\] )?(?<file>[\w./\\-]{1,200}\.\w{1,4})::(?<test>\S.{0,250}?)(?: - (?<message>.{1,500}))?$/u,
  },
  // A file that cannot even be collected
  {
    ...test,
    literals: ['error '],
    pattern:
      /^(?:_{3,100} )?ERROR (?:collecting )?(?=(?<file>[\w./\\-]{1,200}\.py))(?<test>[\w./\\-]{1,200}\.py)(?: _{3,100}| - (?<message>.{1,500}))?$/u,
  },
  // pytest's sections: ____ TestCart.test_total ____
  {
    ...test,
    literals: ['_ '],
    pattern:
      /^(?=_{2}|.{60})_{1,100} (?:ERROR at (?:setup|teardown|call) of )?(?!ERROR collecting|summary|coverage)(?<test>[A-Za-z_][\w.]{0,200}(?:\[.{0,200}\])?) _{1,100}$/u,
  },
  // unittest, and nose above it
  {
    ...test,
    literals: ['fail: ', 'error: '],
    pattern:
      /^(?:FAIL|ERROR): (?:Doctest: )?(?<test>(?:test[\w.]{1,150}|[A-Za-z_][\w]{0,80}(?:\.[\w]{1,80}){1,8}|[A-Za-z_]\w{2,150}(?= \())(?: \([\w.<>]{3,250}\))?(?: \(.{1,120}\))?)(?: ?[.:].{0,100})?$/u,
  },
  {
    ...test,
    literals: ['error: failure: '],
    pattern: /^ERROR: (?<test>Failure: \w{1,80} \((?<message>.{1,300})\))(?: \.{3} ERROR)?$/u,
  },
  // behave
  {
    ...test,
    literals: ['.feature:'],
    pattern: /^ {2}(?<file>[\w./-]{1,200}\.feature):(?<row>\d{1,6}) {2}(?<test>\S.{1,200})$/u,
  },
  // Robot Framework
  {
    ...test,
    literals: ['| fail |'],
    pattern: /^(?!.{0,60}(?:critical )?tests? total)(?<test>[A-Z].{2,120}?)\s{1,80}\| FAIL \|$/u,
  },
  // Ruff's full output: F401 message, then "--> src/cart.py:3:7"
  {
    ...problem,
    literals: ['--> '],
    pattern: /^\s{0,8}--> (?<file>[\w./\\-]{1,250}):(?<row>\d{1,6}):(?<column>\d{1,6})$/u,
    above: { pattern: /^(?<rule>[A-Z]{1,4}\d{3,4}) (?:\[\*\] )?(?<message>\S.{1,300})$/u, within: 1, isNeeded: true },
  },
  // Ruff, Flake8, pycodestyle, Pylint: src/cart.py:3:7: F401 message
  {
    ...problem,
    literals: ['.py:', '.pyi:', '.ipynb:'],
    pattern:
      /^(?<file>[\w./\\-]{1,200}\.(?:pyi?|ipynb)):(?:cell \d{1,4}:)?(?<row>\d{1,6})(?::(?<column>\d{1,5}))?:? \[?(?<rule>[A-Z]{1,5}\d{2,5})(?:\([\w-]{1,60}\)|, [\w.]{0,80})?\]?:? (?:\[\*\] )?(?<message>.{1,300})/u,
  },
  // mypy, Pyright
  {
    ...problem,
    literals: ['error: '],
    pattern:
      /^\s{0,4}(?<file>[\w./\\-]{1,200}\.pyi?):(?<row>\d{1,6})(?::(?<column>\d{1,5}))?(?::| -) error: (?<message>.{1,400}?)(?: {1,2}[[(](?<rule>[\w-]{2,60})[\])])?$/u,
  },
  // Black, isort
  {
    ...problem,
    literals: ['would reformat '],
    pattern: /^would reformat (?<file>[\w./\\ -]{1,250}\.\w{1,6})$/iu,
  },
  {
    ...problem,
    literals: ['imports are incorrectly'],
    pattern: /^ERROR: (?<file>[\w./\\ -]{1,250}\.pyi?) (?<message>Imports are incorrectly .{1,80})/u,
  },
  // The interpreter refuses a source
  {
    ...problem,
    literals: ['syntaxerror:', 'indentationerror:', 'taberror:'],
    pattern: /^(?:E {1,8})?(?<message>(?:SyntaxError|IndentationError|TabError): .{1,300})$/u,
    above: {
      pattern: /^(?:E)?\s{0,12}File "(?<file>[^"]{1,250})", line (?<row>\d{1,6})/u,
      within: 6,
      isNeeded: true,
    },
  },
];
