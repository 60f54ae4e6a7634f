import type { FactFormat } from './format.ts';

const test = { kind: 'test' } as const;
const problem = { kind: 'problem' } as const;

/** Go, Rust, C, C++, .NET, Swift, D, Nim, Zig, Fortran. */
export const NATIVE_FORMATS: readonly FactFormat[] = [
  // Go: the frame of a test below a panic
  {
    ...test,
    literals: ['.test'],
    pattern: /^[\w./-]{1,250}\.(?<test>Test[A-Z_]\w{0,150})\((?:0x|\{0x)/u,
    above: {
      pattern: /^\s{0,8}panic: (?!test timed out)(?<message>.{3,300}?)(?: \[recovered\])?$/u,
      within: 60,
      isNeeded: true,
    },
  },
  // xcpretty: ❌  Source/Cart.swift:3:7: message
  {
    ...problem,
    literals: ['❌ '],
    pattern:
      /^[^/❌]{0,8}❌ {1,4}(?<file>[\w@./+~ -]{1,250}\.(?:swift|mm?|h)):(?<row>\d{1,6}):(?<column>\d{1,6}): (?:error: )?(?<message>.{1,300})/u,
  },
  // go test and gotestsum
  { ...test, literals: ['--- fail: '], pattern: /^\s{0,24}--- FAIL: (?<test>\S{1,300})/u },
  { ...test, literals: ['=== fail: '], pattern: /^=== FAIL: \S{1,200} (?<test>\S{1,300}) \(/u },
  // Ginkgo
  {
    ...test,
    literals: ['[fail] '],
    pattern: /^\s{0,4}\[FAIL\] (?<test>\S.{3,300}?)$/u,
    below: { pattern: /^\s{0,4}(?<file>\S{1,200}\.go):(?<row>\d{1,6})$/u, within: 1, isNeeded: true },
  },
  // cargo test, nextest
  { ...test, literals: ['... failed'], pattern: /^test (?<test>\S.{0,300}?) \.\.\. FAILED$/u },
  { ...test, literals: [' stdout ---', ' stderr ---'], pattern: /^-{4} (?<test>\S.{0,300}?) std(?:out|err) -{4}$/u },
  {
    ...test,
    literals: ['fail [', 'sigabrt [', 'timeout ['],
    pattern:
      /^\s{1,16}(?:TRY \d{1,2} )?(?:FAIL|SIGABRT|SIGSEGV|TIMEOUT|ABORT) \[[\s>\d.]{3,12}s\](?: \(.{1,20}\))? (?<suite>\S{1,120}) (?<test>\S{1,250})$/u,
  },
  // googletest
  {
    ...test,
    literals: ['[  failed  ]'],
    pattern: /^(?:\d{1,6}: )?\[ {2}FAILED {2}\] (?!\d{1,6} tests?)(?<test>[\w./<>:-]{2,250})/u,
    above: {
      pattern: /^(?:\d{1,6}: )?(?<file>[\w./\\-]{2,200}\.\w{1,4})[:(](?<row>\d{1,6})\)?: (?:Failure|error)/u,
      within: 40,
    },
  },
  // CTest
  {
    ...test,
    literals: [
      '(failed)',
      '(segfault)',
      '(timeout)',
      '(child aborted)',
      '(subprocess aborted)',
      '(not run)',
      '(sigtrap)',
      '(illegal)',
    ],
    pattern:
      /^\s{1,12}\d{1,6} - (?<test>\S.{0,200}?) \((?<message>Failed|SEGFAULT|Timeout|Child aborted|Subprocess aborted|ILLEGAL|SIGTRAP|Not Run)\)/u,
  },
  {
    ...test,
    literals: ['***'],
    pattern:
      /^\s{0,8}\d{1,6}\/\d{1,6} Test\s{1,4}#\d{1,6}: (?<test>\S{1,200}) \.{0,80}\s{0,4}\*{3}(?<message>Failed|Exception: \w{1,20}|Timeout|Not Run)/u,
  },
  // Catch2: src/cart.cpp:12: FAILED:, the test's name in a frame above
  {
    ...test,
    literals: [': failed:'],
    pattern: /^(?<file>[\w./\\-]{2,200}\.\w{1,4})[:(](?<row>\d{1,6})\)?: FAILED:/u,
    above: { pattern: /^(?![-.=\s])(?<test>[^/\\]{2,200})$/u, within: 12, isNeeded: true },
  },
  // doctest
  {
    ...test,
    literals: ['error: check', 'error: require', 'error: test case'],
    pattern: /^(?<file>[\w./\\-]{2,200}\.\w{1,4})[:(](?<row>\d{1,6})\)?: (?:FATAL )?ERROR: (?<message>.{1,300})/u,
    above: { pattern: /^TEST CASE: {1,4}(?<test>\S.{0,200})$/u, within: 6, isNeeded: true },
  },
  // Boost.Test
  {
    ...test,
    literals: ['error: in "'],
    pattern:
      /^(?<file>[\w./\\-]{2,200})[:(](?<row>\d{1,6})\)?: (?:fatal )?error: in "(?<test>[^"]{2,200})": (?<message>.{1,300})/u,
  },
  // Qt Test
  {
    ...test,
    literals: ['fail!  : '],
    pattern: /^FAIL! {2}: (?<test>[\w:]{2,150}\([^)]{0,100}\)) (?<message>.{1,300})/u,
    below: { pattern: /^\s{1,4}Loc: \[(?<file>[^\](]{1,250})\((?<row>\d{1,6})\)\]/u, within: 4 },
  },
  // Bazel, Automake, Meson
  {
    ...test,
    literals: [' failed in ', ' timeout in ', ' failed to build'],
    pattern:
      /^(?<test>\/\/[\w./@+-]{0,200}:[\w./@+-]{1,160})\s{1,200}(?:\(.{1,30}\) )?(?:FAILED|TIMEOUT|FAILED TO BUILD)\b/u,
  },
  {
    ...test,
    literals: ['fail: '],
    pattern: /^(?:FAIL|XPASS|ERROR): (?<test>[\w./+-]{0,160}[/.-][\w./+-]{1,160}(?: \d{1,5}(?: - \S.{0,120})?)?)$/u,
  },
  {
    ...test,
    literals: [' fail ', ' timeout '],
    pattern:
      /^\s{0,4}\d{1,5}\/\d{1,5} (?<test>\S.{1,160}?)\s{2,100}(?:FAIL|TIMEOUT|ERROR)\s{2,40}\d{1,6}\.\d{1,3}\s?s/u,
  },
  // xUnit, dotnet test, NUnit
  {
    ...test,
    literals: [' [fail]'],
    pattern: /^\s{0,12}(?:\[.{1,60}\])?\s{0,8}(?<test>[\w.`+<>]{3,250}(?:\(.{0,250}\))?) \[FAIL\]\s{0,4}$/u,
  },
  {
    ...test,
    literals: ['failed ', '  x '],
    pattern:
      /^\s{0,8}(?:Failed|failed|X|✗ Failed)\s{1,4}(?<test>[A-Za-z_][\w`+<>]{0,120}(?:\.[\w`+<>]{1,160}){0,12}(?:\(.{0,250}\))?)(?: (?:\[|\()(?:< )?\d[\d .,:hms]{0,20}(?:\]|\)))$/u,
  },
  {
    ...test,
    literals: [') failed : ', ') error : '],
    pattern: /^\s{0,4}\d{1,4}\) (?:Failed|Error) : (?<test>.{2,300})/u,
  },
  // XCTest, in both spellings, and Swift Testing
  {
    ...test,
    literals: ['error: -['],
    pattern: /^(?<file>[^:]{1,250}):(?<row>\d{1,6}): error: -\[(?<test>[^\]]{2,250})\] : (?<message>.{0,400})/u,
  },
  {
    ...test,
    literals: ['error: '],
    pattern:
      /^(?<file>[^:]{1,250}\.swift):(?<row>\d{1,6}): error: (?<test>\w{1,120}\.test\w{1,160}) : (?<message>.{0,400})/u,
  },
  { ...test, literals: ["test case '"], pattern: /^Test [Cc]ase '(?:-\[)?(?<test>[^'\]]{2,250})\]?' failed/u },
  {
    ...test,
    literals: ['recorded an issue at'],
    pattern:
      /^\S{1,3} Test (?<test>.{2,200}?) recorded an issue.{0,80} at (?<file>[\w./-]{1,200}):(?<row>\d{1,6}):(?<column>\d{1,6}): (?<message>.{1,300})/u,
  },
  // Nim, Zig
  { ...test, literals: ['[failed] '], pattern: /^\s{0,12}\[FAILED\] (?<test>\S.{1,200})$/u },
  {
    ...test,
    literals: ['fail ('],
    pattern:
      /^(?:\d{1,5}\/\d{1,5} |error: '|Test \[\d{1,5}\/\d{1,5}\] )?(?<test>[\w.]{0,80}test\.[\w ]{1,160}?)'? ?(?:\.{3} ?|failed: )?FAIL \((?<message>.{1,80})\)/u,
  },
  // rustc and Clippy: what, and then where
  {
    ...problem,
    literals: ['error[', 'error: '],
    pattern:
      /^(?:\d{1,6} )?error(?:\[(?<rule>[\w:]{1,60})\])?: (?!process didn't|test failed|aborting due|could not compile|failed to run)(?<message>.{1,400})/u,
    below: {
      pattern:
        /^\s{0,8}(?:--> |[╭┌└]─{0,2}▶? ?\[?)(?<file>[\w@./\\+~-]{1,250}):(?<row>\d{1,6}):(?<column>\d{1,6})\]?:?/u,
      within: 6,
      isNeeded: true,
    },
  },
  // rustfmt
  {
    ...problem,
    literals: ['diff in '],
    pattern: /^Diff in (?<file>(?:[A-Za-z]:)?[\w@./\\+~-]{1,250}?)(?: at line |:)(?<row>\d{1,6}):?$/u,
  },
  // go build, vet, golangci-lint
  {
    ...problem,
    literals: ['.go:'],
    pattern:
      /^(?:#\s|vet: )?(?:level=error.{1,60}")?(?<file>(?:\.{0,2}\/)?[\w./@+-]{1,250}\.go):(?<row>\d{1,6})(?::(?<column>\d{1,6}))?: (?!warning|exit status \d)(?<message>\S.{0,400}?)(?: \((?<rule>[a-z]\w{2,30}|[A-Z]{1,3}\d{4})\))?$/u,
  },
  // MSVC, MSBuild, dotnet format
  {
    ...problem,
    literals: [': error ', ': fatal error '],
    pattern:
      /^(?:\s{0,4}\d{1,4}>)?\s{0,12}(?<file>(?:[A-Za-z]:)?[^():\s][^():]{0,250})\((?<row>\d{1,6})(?:,(?<column>\d{1,6}))?(?:,\d{1,6}){0,2}\)\s?: (?:fatal )?error (?<rule>[A-Z]{1,12}\d{0,6})\s?: (?<message>.{1,400}?)(?: \[[^\]]{1,300}\])?$/u,
  },
  // GCC, Clang, Swift, SwiftLint, clang-tidy, cppcheck, javac, Zig and all who write like them
  {
    ...problem,
    literals: ['error: '],
    pattern:
      /^(?:\s{0,4}\[\S{1,20}\] ?)?(?<file>(?:[A-Za-z]:)?[^\s:()][^:()]{0,250}\.\w{1,10}):(?<row>\d{1,7})(?::(?<column>\d{1,6}))?:? {1,2}(?:fatal |internal compiler |syntax )?error: (?<message>.{1,400}?)(?: [[(](?<rule>-W[\w=+-]{1,60}|[a-z][\w.-]{0,40}[-_.][\w.,-]{1,80})[\])])?$/iu,
  },
  // The linker
  {
    ...problem,
    literals: ['undefined reference', 'multiple definition'],
    pattern:
      /^(?:\S{0,120}ld(?:\.\w{1,8})?: )?(?:\S{1,200}: in function .{1,200}?: ?)?(?<file>[\w@./\\+~-]{1,250}\.\w{1,5}):(?:(?<row>\d{1,6})|\([^)]{1,80}\)): (?<message>(?:undefined reference to|multiple definition of) .{1,300})/u,
  },
  // CMake
  {
    ...problem,
    literals: ['cmake error at '],
    pattern: /^CMake Error at (?<file>[^:]{1,200}):(?<row>\d{1,6})/u,
    below: { pattern: /^\s{1,4}(?<message>\S.{1,300})/u, within: 2 },
  },
  // D, Nim
  {
    ...problem,
    literals: [') error: ', '): error: '],
    pattern:
      /^(?<file>[\w@./\\+~-]{1,250}\.\w{1,6})\((?<row>\d{1,6})(?:, ?(?<column>\d{1,6}))?\):? Error: (?<message>.{1,300})/u,
  },
  // gfortran: the place, and some lines below the message
  {
    ...problem,
    literals: ['error: '],
    pattern: /^(?:Fatal )?Error: (?<message>.{1,300})/u,
    above: {
      pattern: /^(?<file>[\w@./\\+~-]{1,250}\.[fF]\w{0,4}):(?<row>\d{1,6}):(?<column>\d{1,6}):$/u,
      within: 6,
      isNeeded: true,
    },
  },
];
