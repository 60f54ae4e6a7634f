import type { FactFormat } from './format.ts';

const test = { kind: 'test' } as const;
const problem = { kind: 'problem' } as const;
const FILE_HEADING = /^(?<file>(?:[A-Za-z]:)?[\w@.+~ /\\[\]()-]{1,250}\.\w{1,10})(?::)?$/u;

/** Test runners, compilers, bundlers and linters of JavaScript and TypeScript. */
export const JAVASCRIPT_FORMATS: readonly FactFormat[] = [
  // Playwright: 1) [chromium] › tests/cart.spec.ts:12:3 › cart › adds
  {
    ...test,
    literals: [' › '],
    pattern:
      /^\s{0,8}(?:\d{1,4}\) |✘ {1,4}\d{1,5} )?(?:\[[\w -]{1,40}\] › )(?<file>[\w./\\-]{1,200}):(?<row>\d{1,6}):(?<column>\d{1,6}) › (?<test>.{2,300}?)(?: ─{2,200})?$/u,
  },
  {
    ...test,
    literals: [' › '],
    pattern:
      /^\s{0,8}\d{1,4}\) (?<file>[\w./\\-]{1,200}):(?<row>\d{1,6}):(?<column>\d{1,6}) › (?<test>.{2,300}?)(?: ─{2,200})?$/u,
  },
  // Jest
  {
    ...test,
    literals: ['● '],
    pattern:
      /^\s{0,8}● (?!Console\b|Validation Warning|Deprecation|Cannot log after|Test suite failed to run|\d{1,6} |process\.exit called)(?<test>\S.{2,300})$/u,
    above: { pattern: /^\s{0,8}FAIL\s{1,4}(?:\S{1,60}\s)?(?<file>\S{1,200}\.[cm]?[jt]sx?)(?:\s|$)/u, within: 60 },
  },
  // Vitest
  {
    ...test,
    literals: ['fail '],
    pattern:
      /^\s{0,4}FAIL\s{1,6}(?:\|?[\w@/() -]{1,60}\|? {1,3})?(?<file>[\w@./\\-]{1,200}\.\w{1,6}) > (?<test>.{2,300})$/u,
  },
  // Deno: adds => ./src/cart_test.ts:9:6
  {
    ...test,
    literals: [' => ./', ' => file:', ' => http'],
    pattern:
      /^(?!error\b)(?<test>\S.{1,250}?) => (?:file:\/\/)?(?<file>\S{1,250}\.[cm]?[jt]sx?):(?<row>\d{1,6}):(?<column>\d{1,6})$/u,
  },
  // Bun says the reason above the name
  {
    ...test,
    literals: ['✗ ', '(fail) '],
    pattern: /^\s{0,4}(?:✗|\(fail\)) (?<test>\S.{1,300}?) \[\d{1,9}(?:\.\d{1,3})?m?s\]$/u,
    above: { pattern: /^error: (?<message>\S.{1,300})$/u, within: 30 },
  },
  // Karma
  {
    ...test,
    literals: [' failed'],
    pattern: /^[A-Z][\w ]{2,40} [\d.]{1,20} \(.{1,60}\):? (?!Executed|ERROR)(?<test>.{3,300}) FAILED$/u,
  },
  // node:test tells the place above: test at test/cart.test.js:5:1
  {
    ...test,
    literals: ['✖ '],
    pattern: /^\s{0,24}✖ (?!\d{1,6} problem)(?<test>\S.{1,300}?) \(\d{1,9}(?:\.\d{1,9})?ms\)$/u,
    above: {
      pattern: /^test at (?:file:\/\/)?(?<file>\S{1,250}):(?<row>\d{1,6}):(?<column>\d{1,6})$/u,
      within: 1,
    },
  },
  // AVA: ✘ [fail]: cart › adds
  {
    ...test,
    literals: ['[fail]: '],
    pattern: /^\s{0,8}[✖✘×] \[fail\]: (?<test>\S.{1,300}?)(?: \(\d{1,9}(?:\.\d{1,3})?m?s\))?$/u,
  },
  // tsc, plain and pretty
  {
    ...problem,
    literals: ['error ts'],
    pattern:
      /^(?<file>[\w@./\\()[\]+~-]{1,250}\.\w{1,6})(?:\((?<row>\d{1,6}),(?<column>\d{1,6})\)|:(?<line>\d{1,6}):(?<place>\d{1,6}))(?::| -) error (?<rule>TS\d{1,6}): (?<message>.{1,500})/u,
  },
  // ESLint, unix: src/cart.js:3:7: message [Error/rule]
  {
    ...problem,
    literals: ['[error/', '[error]'],
    pattern:
      /^(?<file>[\w@./\\+~-]{1,250}):(?<row>\d{1,6}):(?<column>\d{1,6}): (?<message>.{1,400}?) \[Error(?:\/(?<rule>[\w@/-]{1,100}))?\]$/u,
  },
  // ESLint, compact: src/cart.js: line 3, col 7, Error - message (rule)
  {
    ...problem,
    literals: [': line '],
    pattern:
      /^(?<file>[\w@./\\+~-]{1,250}): line (?<row>\d{1,6}), col (?<column>\d{1,6}), (?:Error - )?(?!Warning)(?<message>.{1,400}?)(?: \((?<rule>[\w@/-]{1,100})\))?$/u,
  },
  // ESLint (stylish), Stylelint, Vale: the file stands above
  {
    ...problem,
    literals: [' error ', '✖ '],
    pattern:
      /^\s{1,8}(?<row>\d{1,6}):(?<column>\d{1,6})\s{1,8}(?:✖\s{1,4}error|✖|error)\s{1,8}(?<message>\S.{0,400}?)(?:\s{2,400}(?<rule>[\w@/.-]{2,100}))?$/u,
    above: { pattern: FILE_HEADING, within: 200, isNeeded: true },
  },
  // Biome: src/cart.ts:3:7 lint/style/useConst ━━━━
  {
    ...problem,
    literals: [' lint/', ' parse ', ' format ', ' assist/', ' organizeimports'],
    pattern:
      /^(?<file>[\w@./\\+~-]{1,250}\.\w{1,10})(?::(?<row>\d{1,6}):(?<column>\d{1,6}))? (?<rule>(?:lint|assist)\/[\w/]{1,100}|parse|format|organizeImports)\b\s{0,4}(?:FIXABLE)?\s{0,4}[━─]{2,200}/u,
    below: { pattern: /^\s{1,4}[×✖!] (?<message>\S.{1,400})/u, within: 3 },
  },
  // oxlint and other tools with framed sources: × eslint(no-unused-vars): message, then ╭─[src/cart.ts:3:7]
  {
    ...problem,
    literals: ['× '],
    pattern: /^\s{0,4}×\s{1,2}(?:(?<rule>[\w@-]{1,40}\([\w@/-]{1,80}\)): )?(?<message>\S.{1,400})/u,
    below: {
      pattern: /^\s{0,8}[╭,][-─]{1,4}\[(?<file>[\w@./\\+~-]{1,250}):(?<row>\d{1,6}):(?<column>\d{1,6})\]/u,
      within: 2,
      isNeeded: true,
    },
  },
  // esbuild: ✘ [ERROR] message, then "    src/cart.ts:3:7:"
  {
    ...problem,
    literals: ['[error] '],
    pattern: /^\s{0,4}[✘X] \[ERROR\] (?<message>.{1,400})/u,
    below: {
      pattern: /^\s{2,8}(?<file>[\w@./\\+~-]{1,250}):(?<row>\d{1,6}):(?<column>\d{1,6}):$/u,
      within: 3,
      isNeeded: true,
    },
  },
  // webpack and ts-loader: ERROR in ./src/cart.ts 3:7, then the message
  {
    ...problem,
    literals: ['error in '],
    pattern:
      /^ERROR in (?:\.\/)?(?<file>[\w@./\\+~-]{1,250}\.\w{1,10})(?:[: (](?<row>\d{1,6})[:,](?<column>\d{1,6})\)?(?:-\d{1,6})?)?:?$/u,
    below: { pattern: /^(?:(?<rule>TS\d{1,6}): )?(?<message>\S.{1,400})/u, within: 1 },
  },
  // Next.js: ./src/cart.tsx:3:7, then "Type error: message"
  {
    ...problem,
    literals: ['type error: '],
    pattern: /^Type error: (?<message>.{1,400})/u,
    above: {
      pattern: /^(?:\.\/)?(?<file>[\w@./\\()[\]+~-]{1,250}):(?<row>\d{1,6}):(?<column>\d{1,6})$/u,
      within: 1,
      isNeeded: true,
    },
  },
  // Vite and Rollup
  {
    ...problem,
    literals: ['failed to resolve', 'could not resolve'],
    pattern:
      /(?<message>(?:Rollup failed to resolve import|Failed to resolve import|Could not resolve) ["'][^"']{1,200}["']) from ["']?(?<file>[\w@./\\+~-]{1,250})["']?/u,
  },
  // Babel, PostCSS and others: SyntaxError: src/cart.js: message (3:7)
  {
    ...problem,
    literals: ['syntaxerror: '],
    pattern:
      /^(?:\[error\] )?(?:SyntaxError: )?(?<file>[\w@./\\+~-]{1,250}\.\w{1,6}): (?:SyntaxError: )?(?<message>.{1,300}?) \((?<row>\d{1,6}):(?<column>\d{1,6})\)$/u,
  },
  // Prettier
  {
    ...problem,
    literals: ['[warn] '],
    pattern: /^\[warn\] (?<file>[\w./@+~()[\]-]{1,200}\.\w{1,10})$/u,
  },
  // standard, xo: src/cart.js:3:7: message (rule)
  {
    ...problem,
    literals: ['.js:', '.jsx:', '.mjs:', '.ts:', '.tsx:', '.vue:'],
    pattern:
      /^\s{1,4}(?<file>[\w@./\\+~-]{1,250}\.\w{1,5}):(?<row>\d{1,6}):(?<column>\d{1,6}): (?<message>.{1,400}?) \((?<rule>[\w@/-]{2,100})\)$/u,
  },
];
