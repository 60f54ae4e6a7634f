import type { FactFormat } from './format.ts';

const test = { kind: 'test' } as const;
const problem = { kind: 'problem' } as const;

/** Ruby, PHP, Perl, Lua, R, Julia, Dart, shell and formats that many languages share. */
export const SCRIPTING_FORMATS: readonly FactFormat[] = [
  // RSpec, Crystal, Cucumber: the summary names place and test
  {
    ...test,
    literals: ['rspec ', 'crystal spec '],
    pattern:
      /^(?:rspec|crystal spec) '?(?<file>\.{0,2}[\w./-]{1,200}?)(?::(?<row>\d{1,6})|\[[\d:]{1,40}\])'? # (?<test>.{1,300})/u,
  },
  {
    ...test,
    literals: ['cucumber '],
    pattern:
      /^cucumber (?:-p \S{1,40} )?(?<file>\S{1,200}\.feature):(?<row>\d{1,6}) # (?:Scenario(?: Outline)?: )?(?<test>.{1,300})/u,
  },
  // Minitest, Rails, test-unit
  {
    ...test,
    literals: ['#test_', '.rb:'],
    pattern: /^(?<test>[A-Z][\w:]{1,120}#test_.{1,250}?)\s{0,3}\[(?<file>[^\]:]{1,200}):(?<row>\d{1,6})\]:?/u,
  },
  {
    ...test,
    literals: ['#test_'],
    pattern: /^(?<test>[A-Z][\w:]{1,120}#test_\S{1,200}?):?$/u,
  },
  {
    ...test,
    literals: ['failure: test', 'error: test'],
    pattern:
      /^(?:Failure|Error): (?<test>test[\w:]{1,150})\((?<suite>[\w:]{1,120})\)(?: \[(?<file>[^\]:]{1,200}):(?<row>\d{1,6})\])?:?(?: (?<message>.{1,300}))?$/u,
  },
  // Mozilla's harnesses
  {
    ...test,
    literals: ['test-unexpected-'],
    pattern: /TEST-UNEXPECTED-(?:FAIL|ERROR|CRASH|TIMEOUT) \| (?<test>[^|]{2,300}?) \|(?: (?<message>.{1,300}))?/u,
  },
  // PHP's own tests, Pest
  { ...test, literals: ['.phpt]'], pattern: /^FAIL (?<test>.{1,200}) \[(?<file>[\w./-]{1,200}\.phpt)\]/u },
  {
    ...test,
    literals: ['failed  '],
    pattern: /^\s{1,4}FAILED\s{2}(?<test>\S.{2,250}? > \S.{1,250}?)\s{0,200}(?: \S{1,60}(?:Exception|Error))?$/u,
  },
  // TAP, with what node:test and others tell below
  {
    ...test,
    literals: ['not ok '],
    pattern:
      /^\s{0,16}not ok \d{1,6}(?: -)? (?!.{0,300}# (?:TODO|SKIP))(?<test>\S.{0,300}?)(?:\s{0,4}# (?:time|duration).{0,40})?$/iu,
    below: {
      pattern:
        /^\s{0,16}(?:location|at): ['"]?(?:file:\/\/)?(?<file>[\w@./\\+~-]{1,250}):(?<row>\d{1,6})(?::(?<column>\d{1,6}))?/u,
      within: 12,
    },
  },
  // Perl
  {
    ...test,
    literals: ['failed test '],
    pattern: /^\s{0,8}#\s{1,8}Failed test '(?<test>.{1,200}?)'(?: at (?<file>[\w./-]{1,200}) line (?<row>\d{1,6}))?/u,
    below: { pattern: /^\s{0,8}#\s{1,8}at (?<file>[\w./-]{1,200}) line (?<row>\d{1,6})\.?$/u, within: 1 },
  },
  // testthat
  {
    ...test,
    literals: ['failure (', 'error ('],
    pattern:
      /^\s{0,8}(?:── |-- )?(?:\d{1,4}\. )?(?:Failure|Error) \((?:at )?['‘]?(?<file>[\w./-]{1,120}\.[Rr])[#:](?<row>\d{1,6})(?::(?<column>\d{1,6}))?['’]?\): (?<test>.{1,200}?)(?: ?[─-]{2,200})?$/u,
  },
  // Julia
  {
    ...test,
    literals: ['test failed at ', 'error during test at '],
    pattern: /^(?<test>\S.{0,200}?): (?:Test Failed|Error During Test) at (?<file>[^:]{1,200}):(?<row>\d{1,6})/u,
  },
  // busted
  {
    ...test,
    literals: ['failure ', 'error '],
    pattern: /^(?:Failure|Error) (?:→|->) (?<file>[\w./-]{1,200}) @ (?<row>\d{1,6})$/u,
    below: { pattern: /^(?<test>\S.{1,200})$/u, within: 1, isNeeded: true },
  },
  // Dart and Flutter: 00:01 +3 -1: test/cart_test.dart: cart adds [E]
  {
    ...test,
    literals: [' [e]'],
    pattern:
      /^\d\d:\d\d \+\d{1,6}(?: ~\d{1,6})?(?: -\d{1,6})?: (?:(?<file>\S{1,200}\.dart): )?(?<test>\S.{1,250}?) \[E\]$/u,
  },
  {
    ...test,
    literals: ['the test description was:'],
    pattern: /^The test description was:(?: (?<test>\S.{1,200}))?$/u,
    below: { pattern: /^\s{0,4}(?<test>\S.{1,200})$/u, within: 1 },
  },
  // RuboCop, Slim-Lint, HAML-Lint
  {
    ...problem,
    literals: [': c: ', ': w: ', ': e: ', ': f: ', ': r: '],
    pattern:
      /^(?<file>[\w./+-]{1,200}):(?<row>\d{1,6})(?::(?<column>\d{1,5}))?: [CWEFR]: (?:\[Correctable\] )?(?:(?<rule>[A-Z]\w{1,40}(?:\/\w{1,60}){1,2}): )?(?<message>.{1,300})/u,
  },
  {
    ...problem,
    literals: ['syntax error'],
    pattern:
      /^(?:.{0,40}: )?(?<file>[\w./+-]{1,200}\.(?:rb|rake|ru|erb)):(?<row>\d{1,6}): (?<message>syntax error.{0,300})/u,
  },
  // PHP
  {
    ...problem,
    literals: ['parse error', 'fatal error'],
    pattern:
      /^(?:PHP )?(?<message>(?:Fatal|Parse) error: {1,4}.{1,400}?) in (?<file>[\w@./\\+~-]{1,250}\.\w{1,6})(?: on line |:)(?<row>\d{1,6})/u,
  },
  // Psalm: ERROR: Rule - src/Cart.php:3:7 - message
  {
    ...problem,
    literals: ['error: '],
    pattern:
      /^ERROR: (?<rule>\w{2,80}) - (?<file>[\w@./\\+~-]{1,250}):(?<row>\d{1,6})(?::(?<column>\d{1,6}))? - (?<message>.{1,300})/u,
  },
  // PHPStan's table and PHP_CodeSniffer's report name the file above
  {
    ...problem,
    literals: ['  '],
    pattern: /^\s{2}(?<row>\d{1,6})\s{4,8}(?<message>[A-Z].{8,300})$/u,
    above: { pattern: /^\s{2}Line\s{2,6}(?<file>[\w@./\\+~-]{1,250}\.php)\b/u, within: 40, isNeeded: true },
  },
  {
    ...problem,
    literals: ['| error |', '| warning |'],
    pattern: /^\s{1,8}(?<row>\d{1,6}) \| ERROR\s{0,4}\| (?:\[[ x]\] )?(?<message>.{1,300})$/u,
    above: { pattern: /^FILE: (?<file>\S.{0,250}?)$/u, within: 60, isNeeded: true },
  },
  // PHP-CS-Fixer: 1) src/Cart.php (rule, rule)
  {
    ...problem,
    literals: ['.php'],
    pattern: /^\s{1,6}\d{1,4}\) (?<file>[\w@./\\+~-]{1,250}\.php)(?: \((?<rule>[\w, ]{2,200})\))?$/u,
  },
  // Perl
  {
    ...problem,
    literals: [' line '],
    pattern:
      /^(?<message>(?:syntax error|Global symbol|Can't locate|Bareword|Missing right).{0,200}?) at (?<file>[\w./-]{1,200}\.(?:p[lm]|t)) line (?<row>\d{1,6})[,.]/u,
  },
  // luacheck
  {
    ...problem,
    literals: ['.lua:'],
    pattern:
      /^\s{0,8}(?<file>[\w@./\\+~-]{1,250}\.lua):(?<row>\d{1,6}):(?<column>\d{1,6}): (?:\((?<rule>[EW]\d{3})\) )?(?<message>.{1,300})/u,
  },
  // The Dart analyzer: error • message • lib/cart.dart:3:7 • rule
  {
    ...problem,
    literals: ['error • ', 'error - ', 'info • ', 'warning • '],
    pattern:
      /^\s{0,4}(?:error|warning|info) • (?<message>.{1,300}?) • (?<file>[\w./\\-]{1,200}):(?<row>\d{1,6}):(?<column>\d{1,6}) • (?<rule>\w{2,80})/u,
  },
  {
    ...problem,
    literals: ['error • ', 'info • ', 'warning • '],
    pattern:
      /^\s{0,4}(?:error|warning|info) • (?<file>[\w./\\-]{1,200}):(?<row>\d{1,6}):(?<column>\d{1,6}) • (?<message>.{1,300}?) • (?<rule>\w{2,80})$/u,
  },
  {
    ...problem,
    literals: ['error - '],
    pattern:
      /^\s{0,4}error - (?<file>[\w./\\-]{1,200}):(?<row>\d{1,6}):(?<column>\d{1,6}) - (?<message>.{1,300}?)(?: - (?<rule>\w{2,80}))?$/u,
  },
];
