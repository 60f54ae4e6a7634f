import type { Signature } from './signature.ts';

const compile = { category: 'compile', role: 'problem' } as const;

/** What compilers and linkers print when they refuse a source. */
export const COMPILER_SIGNATURES: readonly Signature[] = [
  {
    literals: [': error ts', '- error ts'],
    pattern:
      /^(?:\S{1,40}: )?(?<file>[\w@./\\-]{1,250}\.\w{1,5})(?:\((?<row>\d{1,6}),\d{1,6}\)|:(?<line>\d{1,6}):\d{1,6})(?::| -) error (?<code>TS\d{1,6}): (?<message>.{1,500})/u,
    weight: 10,
    tool: 'tsc',
    ecosystem: 'javascript',
    after: 8,
    ...compile,
  },
  {
    literals: [': error '],
    pattern:
      /^\s{0,12}(?<file>[^():\s][^():]{0,250})\((?<row>\d{1,6})(?:,\d{1,6}){0,3}\): (?:fatal )?error (?<code>[A-Z]{1,8}\d{1,6}): (?<message>.{1,500})/u,
    weight: 9.9,
    tool: 'msbuild',
    ecosystem: 'dotnet',
    after: 2,
    ...compile,
  },
  {
    literals: ['error: '],
    pattern:
      /^(?:\[(?:ERROR|error)\] )?(?<file>(?:[A-Za-z]:)?[^\s:()][^:()]{0,250}\.\w{1,10}):(?<row>\d{1,7})(?::\d{1,6})?:? {1,2}(?:fatal |internal compiler |syntax )?error: (?<message>.{1,500})/iu,
    weight: 10,
    after: 8,
    before: 2,
    ...compile,
  },
  {
    literals: ['[error] '],
    pattern:
      /^\[(?:ERROR|error)\] (?:file:\/\/)?(?<file>[\w./\\:-]{1,250}\.(?:java|kt|scala|groovy)):(?:\[(?<row>\d{1,6}),\d{1,6}\]|(?<line>\d{1,6})(?::\d{1,6})?:) (?:error: )?(?<message>.{1,500})/u,
    weight: 10,
    ecosystem: 'java',
    after: 5,
    ...compile,
  },
  {
    literals: ['e: '],
    pattern:
      /^e: (?:file:\/\/)?(?<file>[^:()\s]{1,250})(?:: \((?<row>\d{1,6}), \d{1,6}\):|:(?<line>\d{1,6}):\d{1,6}) (?<message>.{1,500})/u,
    weight: 10,
    tool: 'kotlinc',
    ecosystem: 'java',
    after: 2,
    ...compile,
  },
  {
    literals: ['error[e', 'error: '],
    pattern:
      /^error(?:\[(?<code>E\d{4})\])?: (?!process didn't|test failed, to rerun|aborting due|could not compile)(?<message>.{1,500})/u,
    weight: 8,
    role: 'message',
    ecosystem: 'rust',
    after: 14,
    before: 1,
  },
  {
    literals: ['--> '],
    pattern: /^\s{0,8}--> (?<file>[\w./\\-]{1,250}):(?<row>\d{1,6}):\d{1,6}/u,
    weight: 6,
    role: 'context',
    tool: 'rustc',
    ecosystem: 'rust',
    after: 8,
    before: 2,
  },
  {
    literals: ['aborting due', 'could not compile'],
    pattern: /^error: (?:aborting due to|could not compile)/u,
    weight: 5,
    role: 'summary',
    tool: 'rustc',
    ecosystem: 'rust',
    category: 'compile',
    after: 0,
  },
  {
    literals: ['.go:'],
    pattern:
      /^(?:#\s|vet: )?(?<file>(?:\.{0,2}\/)?[\w./@-]{1,250}\.go):(?<row>\d{1,6})(?::\d{1,6})?: (?<message>.{1,500})/u,
    weight: 8,
    ecosystem: 'go',
    after: 2,
    before: 1,
    ...compile,
  },
  {
    literals: [
      'undefined reference',
      'undefined symbol',
      'unresolved external',
      'ld returned',
      'linker command failed',
      'cannot find -l',
      'duplicate symbol',
      'symbol(s) not found',
      'library not found',
    ],
    pattern:
      /undefined (?:reference to|symbols?)|unresolved external symbol|ld returned \d|linker command failed|cannot find -l\w|duplicate symbol|symbol\(s\) not found|library not found for/iu,
    weight: 9,
    role: 'message',
    tool: 'ld',
    ecosystem: 'c++',
    category: 'compile',
    after: 5,
    before: 3,
  },
  {
    literals: ['cmake error'],
    pattern: /^CMake Error(?: at (?<file>[^:]{1,200}):(?<row>\d{1,6}))?/u,
    weight: 9,
    tool: 'cmake',
    ecosystem: 'c++',
    after: 10,
    ...compile,
  },
  {
    literals: ['configure: error'],
    pattern: /configure: error: (?<message>.{1,300})/u,
    weight: 9,
    role: 'message',
    tool: 'configure',
    category: 'configuration',
    after: 3,
    before: 3,
  },
  {
    literals: [
      'error generated',
      'errors generated',
      'compilation failed',
      'compilation error',
      'compilation failure',
      'failed to compile',
      'build failed',
      'compileerror',
      'compile error',
      'compilation aborted',
      'could not compile',
    ],
    pattern:
      /\b(?:\d{1,6} errors? generated|(?:Compilation|Compile) (?:failed|errors?|failure|aborted)|failed to compile|BUILD FAILED|CompileError|could not compile)/iu,
    weight: 6,
    role: 'summary',
    category: 'compile',
    after: 10,
    before: 4,
  },
];
