import { describe, expect, test } from '@jest/globals';
import type { Problem } from '../../src/domain/diagnosis.ts';
import { digest } from './support.ts';

interface Case {
  tool: string;
  log: string;
  problems: ReadonlyArray<Partial<Problem>>;
}

const CASES: readonly Case[] = [
  {
    tool: 'tsc',
    log: `src/pay.ts(3,15): error TS2339: Property 'total' does not exist on type 'Cart'.\nsrc/tax.ts:5:7 - error TS2304: Cannot find name 'rate'.`,
    problems: [
      {
        file: 'src/pay.ts',
        line: 3,
        column: 15,
        rule: 'TS2339',
        message: "TS2339: Property 'total' does not exist on type 'Cart'.",
      },
      { file: 'src/tax.ts', line: 5, column: 7, rule: 'TS2304' },
    ],
  },
  {
    tool: 'the summary of BuildKit, which repeats what a step said',
    log: `#12 6.201 src/pay.ts(3,15): error TS2339: Property 'total' does not exist on type 'Cart'.
#12 ERROR: process "/bin/sh -c npm run build" did not complete successfully: exit code: 2
 > [builder 5/7] RUN npm run build:
6.201 src/pay.ts(3,15): error TS2339: Property 'total' does not exist on type 'Cart'.
Dockerfile:11
  11 | >>> RUN npm run build
ERROR: failed to solve: process "/bin/sh -c npm run build" did not complete successfully: exit code: 2`,
    problems: [{ file: 'src/pay.ts', line: 3, rule: 'TS2339' }],
  },
  {
    tool: 'GHC under stack, which puts the package before each line',
    log: `shop> /home/runner/work/shop/shop/src/Cart.hs:41:17: error: [GHC-83865]
shop>     • Couldn't match expected type ‘Text’ with actual type ‘String’`,
    problems: [
      { file: 'src/Cart.hs', line: 41, message: "Couldn't match expected type ‘Text’ with actual type ‘String’" },
    ],
  },
  {
    tool: 'xcpretty',
    log: '❌  /Users/runner/work/shop/shop/Source/Cart.swift:41:19: cannot find tax in scope',
    problems: [{ file: 'Source/Cart.swift', line: 41, column: 19, message: 'cannot find tax in scope' }],
  },
  {
    tool: 'Credo',
    log: `┃ [R] → Modules should have a @moduledoc tag.\n┃       lib/cart.ex:1:11 #(Cart)`,
    problems: [{ file: 'lib/cart.ex', line: 1, column: 11, message: 'Modules should have a @moduledoc tag.' }],
  },
  {
    tool: 'the Dart analyzer, place first',
    log: `  error • lib/cart.dart:22:5 • The method 'sum' isn't defined for the type 'Cart'. • undefined_method`,
    problems: [{ file: 'lib/cart.dart', line: 22, column: 5, rule: 'undefined_method' }],
  },
  {
    tool: 'Checkstyle through Maven',
    log: `[ERROR] src/main/java/shop/Cart.java:[12,5] (indentation) Indentation: 'method def' child has level 8.`,
    problems: [{ file: 'src/main/java/shop/Cart.java', line: 12, column: 5, rule: 'indentation' }],
  },
  {
    tool: 'ESLint',
    log: `
/home/runner/work/shop/shop/src/cart.js
   3:7   error    'total' is assigned a value but never used  no-unused-vars
   9:1   warning  Unexpected console statement                no-console
  12:20  error    Missing semicolon                           @stylistic/semi

✖ 3 problems (2 errors, 1 warning)`,
    problems: [
      {
        file: 'src/cart.js',
        line: 3,
        column: 7,
        rule: 'no-unused-vars',
        message: "'total' is assigned a value but never used",
      },
      { file: 'src/cart.js', line: 12, column: 20, rule: '@stylistic/semi' },
    ],
  },
  {
    tool: 'ESLint, unix',
    log: `src/cart.js:3:7: 'total' is never used. [Error/no-unused-vars]\n\n1 problem`,
    problems: [{ file: 'src/cart.js', line: 3, column: 7, rule: 'no-unused-vars', message: "'total' is never used." }],
  },
  {
    tool: 'ESLint, compact',
    log: `src/cart.js: line 3, col 7, Error - 'total' is never used. (no-unused-vars)\n\n1 problem`,
    problems: [{ file: 'src/cart.js', line: 3, column: 7, rule: 'no-unused-vars' }],
  },
  {
    tool: 'Biome',
    log: `
src/cart.ts:3:7 lint/style/useConst  FIXABLE  ━━━━━━━━━━━━━━━━━━━━

  × This let declares a variable that is only assigned once.

Found 1 error.`,
    problems: [
      {
        file: 'src/cart.ts',
        line: 3,
        column: 7,
        rule: 'lint/style/useConst',
        message: 'This let declares a variable that is only assigned once.',
      },
    ],
  },
  {
    tool: 'oxlint',
    log: `
  × eslint(no-unused-vars): Variable 'total' is declared but never used.
   ╭─[src/cart.ts:3:7]
 3 │ const total = 1;
   ╰────
Found 0 warnings and 1 error.`,
    problems: [{ file: 'src/cart.ts', line: 3, column: 7, rule: 'eslint(no-unused-vars)' }],
  },
  {
    tool: 'Prettier',
    log: `Checking formatting...\n[warn] src/cart.ts\n[warn] Code style issues found in the above file. Run Prettier with --write to fix.`,
    problems: [{ file: 'src/cart.ts' }],
  },
  {
    tool: 'Stylelint',
    log: `\nsrc/cart.css\n  3:7  ✖  Unexpected unknown property "colr"  property-no-unknown\n\n✖ 1 problem (1 error, 0 warnings)`,
    problems: [{ file: 'src/cart.css', line: 3, column: 7, rule: 'property-no-unknown' }],
  },
  {
    tool: 'webpack',
    log: `ERROR in ./src/cart.js 3:7-20\nModule not found: Error: Can't resolve './tax' in '/home/runner/work/shop/shop/src'`,
    problems: [
      {
        file: 'src/cart.js',
        line: 3,
        column: 7,
        message: expect.stringContaining('Module not found') as unknown as string,
      },
    ],
  },
  {
    tool: 'esbuild',
    log: `✘ [ERROR] Could not resolve "./tax"\n\n    src/cart.ts:3:20:\n      3 │ import { tax } from './tax';`,
    problems: [{ file: 'src/cart.ts', line: 3, column: 20, message: 'Could not resolve "./tax"' }],
  },
  {
    tool: 'Rollup',
    log: `[vite]: Rollup failed to resolve import "./tax" from "/home/runner/work/shop/shop/src/cart.ts".`,
    problems: [{ file: 'src/cart.ts' }],
  },
  {
    tool: 'Next.js',
    log: `Failed to compile.\n\n./src/cart.tsx:3:7\nType error: Cannot find name 'total'.`,
    problems: [{ file: 'src/cart.tsx', line: 3, column: 7, message: "Cannot find name 'total'." }],
  },
  {
    tool: 'Babel',
    log: `SyntaxError: /home/runner/work/shop/shop/src/cart.js: Unexpected token (3:7)`,
    problems: [{ file: 'src/cart.js', line: 3, column: 7, message: 'Unexpected token' }],
  },
  {
    tool: 'Ruff',
    log: `F401 [*] \`os\` imported but unused\n --> src/cart.py:1:8\n  |\n1 | import os\nFound 1 error.`,
    problems: [{ file: 'src/cart.py', line: 1, column: 8, rule: 'F401' }],
  },
  {
    tool: 'Flake8 and Pylint',
    log: `src/cart.py:3:80: E501 line too long (90 > 79 characters)\nsrc/cart.py:7:4: W0612: Unused variable 'total' (unused-variable)`,
    problems: [
      { file: 'src/cart.py', line: 3, column: 80, rule: 'E501', message: 'E501: line too long (90 > 79 characters)' },
      { file: 'src/cart.py', line: 7, column: 4, rule: 'W0612' },
    ],
  },
  {
    tool: 'mypy',
    log: `src/cart.py:3: error: Incompatible return value type (got "int", expected "str")  [return-value]\nFound 1 error in 1 file`,
    problems: [{ file: 'src/cart.py', line: 3, rule: 'return-value' }],
  },
  {
    tool: 'Pyright',
    log: `  /home/runner/work/shop/shop/src/cart.py:3:12 - error: "total" is not defined (reportUndefinedVariable)`,
    problems: [{ file: 'src/cart.py', line: 3, column: 12, rule: 'reportUndefinedVariable' }],
  },
  {
    tool: 'Black',
    log: `would reformat src/cart.py\n\nOh no!\n1 file would be reformatted.`,
    problems: [{ file: 'src/cart.py' }],
  },
  {
    tool: 'Python itself',
    log: `  File "/home/runner/work/shop/shop/src/cart.py", line 3\n    def total(:\n              ^\nSyntaxError: invalid syntax`,
    problems: [{ file: 'src/cart.py', line: 3, message: 'SyntaxError: invalid syntax' }],
  },
  {
    tool: 'Maven',
    log: `[ERROR] /home/runner/work/shop/shop/src/main/java/shop/Cart.java:[12,8] cannot find symbol\n[ERROR]   symbol: class Tax`,
    problems: [{ file: 'src/main/java/shop/Cart.java', line: 12, column: 8, message: 'cannot find symbol' }],
  },
  {
    tool: 'javac',
    log: `src/shop/Cart.java:12: error: cannot find symbol\n    Tax tax;\n    ^\n1 error`,
    problems: [{ file: 'src/shop/Cart.java', line: 12, message: 'cannot find symbol' }],
  },
  {
    tool: 'Kotlin',
    log: `e: file:///home/runner/work/shop/shop/src/Cart.kt:3:7 Unresolved reference: tax`,
    problems: [{ file: 'src/Cart.kt', line: 3, column: 7, message: 'Unresolved reference: tax' }],
  },
  {
    tool: 'sbt',
    log: `[error] /home/runner/work/shop/shop/src/Cart.scala:3:7: not found: value tax\n[error]   tax(total)`,
    problems: [{ file: 'src/Cart.scala', line: 3, column: 7, message: 'not found: value tax' }],
  },
  {
    tool: 'Scala 3',
    log: `[error] -- [E007] Type Mismatch Error: src/Cart.scala:3:7 ---------------------------`,
    problems: [{ file: 'src/Cart.scala', line: 3, column: 7, rule: 'E007' }],
  },
  {
    tool: 'Checkstyle',
    log: `[ERROR] src/main/java/shop/Cart.java:[12,8] (imports) UnusedImports: Unused import - java.util.List.\n[ant:checkstyle] [ERROR] /home/runner/work/shop/shop/src/Tax.java:7:3: Missing a Javadoc comment. [MissingJavadocMethod]`,
    problems: [
      { file: 'src/main/java/shop/Cart.java', line: 12, column: 8 },
      { file: 'src/Tax.java', line: 7, column: 3, rule: 'MissingJavadocMethod' },
    ],
  },
  {
    tool: 'SpotBugs',
    log: `[ERROR] Medium: Null passed for non-null parameter [shop.Cart] At Cart.java:[line 12] NP_NULL_PARAM_DEREF`,
    problems: [{ file: 'Cart.java', line: 12, rule: 'NP_NULL_PARAM_DEREF' }],
  },
  {
    tool: 'ktlint',
    log: `/home/runner/work/shop/shop/src/Cart.kt:3:7: Unnecessary semicolon (standard:no-semi)\nSummary error count (descending) by rule:`,
    problems: [{ file: 'src/Cart.kt', line: 3, column: 7, rule: 'standard:no-semi' }],
  },
  {
    tool: 'Go',
    log: `# shop.example/cart\n./cart.go:12:5: undefined: tax\nvet: ./tax.go:3:1: expected declaration`,
    problems: [
      { file: 'cart.go', line: 12, column: 5, message: 'undefined: tax' },
      { file: 'tax.go', line: 3, column: 1 },
    ],
  },
  {
    tool: 'golangci-lint',
    log: `cart.go:12:5: Error return value of \`f.Close\` is not checked (errcheck)\ntax.go:3:1: func rate is unused (U1000)`,
    problems: [
      { file: 'cart.go', line: 12, column: 5, rule: 'errcheck' },
      { file: 'tax.go', line: 3, column: 1, rule: 'U1000' },
    ],
  },
  {
    tool: 'rustc',
    log: `
error[E0425]: cannot find value \`tax\` in this scope
  --> src/cart.rs:12:5
   |
12 |     tax
   |     ^^^ not found in this scope

error: could not compile \`shop\` (lib) due to 1 previous error`,
    problems: [
      {
        file: 'src/cart.rs',
        line: 12,
        column: 5,
        rule: 'E0425',
        message: 'E0425: cannot find value `tax` in this scope',
      },
    ],
  },
  {
    tool: 'rustfmt',
    log: `Diff in /home/runner/work/shop/shop/src/cart.rs:12:\n-fn total( ) {}\n+fn total() {}`,
    problems: [{ file: 'src/cart.rs', line: 12 }],
  },
  {
    tool: 'RuboCop',
    log: `lib/cart.rb:3:7: C: [Correctable] Style/StringLiterals: Prefer single-quoted strings.\n\n1 file inspected, 1 offense detected`,
    problems: [
      {
        file: 'lib/cart.rb',
        line: 3,
        column: 7,
        rule: 'Style/StringLiterals',
        message: 'Prefer single-quoted strings.',
      },
    ],
  },
  {
    tool: 'PHP',
    log: `PHP Parse error:  syntax error, unexpected token "}" in /home/runner/work/shop/shop/src/Cart.php on line 12`,
    problems: [{ file: 'src/Cart.php', line: 12 }],
  },
  {
    tool: 'PHPStan',
    log: `
 ------ ---------------------------------------------------
  Line   src/Cart.php
 ------ ---------------------------------------------------
  12     Method Cart::total() should return int but returns string.
 ------ ---------------------------------------------------
 [ERROR] Found 1 error`,
    problems: [
      { file: 'src/Cart.php', line: 12, message: 'Method Cart::total() should return int but returns string.' },
    ],
  },
  {
    tool: 'Psalm',
    log: `ERROR: UndefinedVariable - src/Cart.php:12:5 - Cannot find referenced variable $tax (see https://psalm.dev/024)`,
    problems: [{ file: 'src/Cart.php', line: 12, column: 5, rule: 'UndefinedVariable' }],
  },
  {
    tool: 'PHP-CS-Fixer',
    log: `   1) src/Cart.php (no_unused_imports, braces)\nFound 1 of 9 files that can be fixed in 0.1 seconds`,
    problems: [{ file: 'src/Cart.php', rule: 'no_unused_imports, braces' }],
  },
  {
    tool: 'MSBuild',
    log: `/home/runner/work/shop/shop/src/Cart.cs(12,5): error CS0103: The name 'tax' does not exist in the current context [/home/runner/work/shop/shop/Shop.csproj]`,
    problems: [
      {
        file: 'src/Cart.cs',
        line: 12,
        column: 5,
        rule: 'CS0103',
        message: "CS0103: The name 'tax' does not exist in the current context",
      },
    ],
  },
  {
    tool: 'MSVC',
    log: `C:\\a\\shop\\shop\\src\\cart.cpp(12): error C2065: 'tax': undeclared identifier`,
    problems: [{ line: 12, rule: 'C2065' }],
  },
  {
    tool: 'GCC and Clang',
    log: `src/cart.c:12:5: error: unused variable 'tax' [-Werror=unused-variable]\nsrc/tax.c:3:10: fatal error: rates.h: No such file or directory`,
    problems: [
      { file: 'src/cart.c', line: 12, column: 5, rule: '-Werror=unused-variable', message: "unused variable 'tax'" },
      { file: 'src/tax.c', line: 3, column: 10, message: 'rates.h: No such file or directory' },
    ],
  },
  {
    tool: 'the linker',
    log: `/usr/bin/ld: cart.c:12: undefined reference to \`tax'\ncollect2: error: ld returned 1 exit status`,
    problems: [{ file: 'cart.c', line: 12, message: "undefined reference to `tax'" }],
  },
  {
    tool: 'CMake',
    log: `CMake Error at CMakeLists.txt:12 (find_package):\n  Could not find a package configuration file provided by "Tax".`,
    problems: [
      { file: 'CMakeLists.txt', line: 12, message: expect.stringContaining('Could not find') as unknown as string },
    ],
  },
  {
    tool: 'Swift',
    log: `/Users/runner/work/shop/shop/Sources/Cart.swift:12:5: error: cannot find 'tax' in scope`,
    problems: [{ file: 'Sources/Cart.swift', line: 12, column: 5, message: "cannot find 'tax' in scope" }],
  },
  {
    tool: 'the Dart analyzer',
    log: `  error • Undefined name 'tax' • lib/cart.dart:12:5 • undefined_identifier`,
    problems: [{ file: 'lib/cart.dart', line: 12, column: 5, rule: 'undefined_identifier' }],
  },
  {
    tool: 'Elixir',
    log: `    error: undefined function tax/1\n    │\n 12 │     tax(total)\n    │     ^^^\n    └─ lib/cart.ex:12:5: Cart.total/1\n\n== Compilation error in file lib/cart.ex ==`,
    problems: [{ file: 'lib/cart.ex', line: 12, column: 5, message: 'undefined function tax/1' }],
  },
  {
    tool: 'Erlang',
    log: `src/cart.erl:12:5: function tax/1 undefined\n===> Compiling apps failed`,
    problems: [{ file: 'src/cart.erl', line: 12, column: 5 }],
  },
  {
    tool: 'GHC',
    log: `src/Cart.hs:12:5: error: [GHC-88464]\n    Variable not in scope: tax :: Int -> Int`,
    problems: [
      {
        file: 'src/Cart.hs',
        line: 12,
        column: 5,
        rule: 'GHC-88464',
        message: 'Variable not in scope: tax :: Int -> Int',
      },
    ],
  },
  {
    tool: 'OCaml',
    log: `File "src/cart.ml", line 12, characters 4-7:\n12 |     tax total\n         ^^^\nError: Unbound value tax`,
    problems: [{ file: 'src/cart.ml', line: 12, column: 4, message: 'Unbound value tax' }],
  },
  {
    tool: 'D',
    log: `src/cart.d(12,5): Error: undefined identifier \`tax\``,
    problems: [{ file: 'src/cart.d', line: 12, column: 5 }],
  },
  {
    tool: 'Nim',
    log: `/home/runner/work/shop/shop/src/cart.nim(12, 5) Error: undeclared identifier: 'tax'`,
    problems: [{ file: 'src/cart.nim', line: 12, column: 5 }],
  },
  {
    tool: 'Crystal',
    log: `In src/cart.cr:12:5\n\n 12 | tax(total)\n      ^--\nError: undefined method 'tax'`,
    problems: [{ file: 'src/cart.cr', line: 12, column: 5, message: "undefined method 'tax'" }],
  },
  {
    tool: 'Zig',
    log: `src/cart.zig:12:5: error: use of undeclared identifier 'tax'`,
    problems: [{ file: 'src/cart.zig', line: 12, column: 5 }],
  },
  {
    tool: 'gfortran',
    log: `src/cart.f90:12:5:\n\n   12 |     call tax(total)\n      |     1\nError: Explicit interface required for 'tax' at (1)`,
    problems: [{ file: 'src/cart.f90', line: 12, column: 5 }],
  },
  {
    tool: 'luacheck',
    log: `    src/cart.lua:12:5: (E011) expected expression near 'end'`,
    problems: [{ file: 'src/cart.lua', line: 12, column: 5, rule: 'E011' }],
  },
  {
    tool: 'Perl',
    log: `syntax error at lib/Cart.pm line 12, near "}"\nCompilation failed in require.`,
    problems: [{ file: 'lib/Cart.pm', line: 12 }],
  },
  {
    tool: 'Elm',
    log: `-- NAMING ERROR ------------------------------------------------ src/Cart.elm\n\nI cannot find a \`tax\` variable:\n\n12|     tax total\n        ^^^`,
    problems: [{ file: 'src/Cart.elm', line: 12, message: 'NAMING ERROR' }],
  },
  {
    tool: 'BuildKit',
    log: `Dockerfile:12\n--------------------\n  10 |\n  12 | >>> RUN npm ci\n--------------------\nERROR: failed to solve: process "/bin/sh -c npm ci" did not complete successfully: exit code: 1`,
    problems: [{ file: 'Dockerfile', line: 12, message: expect.stringContaining('npm ci') as unknown as string }],
  },
  {
    tool: 'Hadolint',
    log: `Dockerfile:3 DL3008 warning: Pin versions in apt get install`,
    problems: [{ file: 'Dockerfile', line: 3, rule: 'DL3008' }],
  },
  {
    tool: 'Terraform',
    log: `│ Error: Unsupported argument\n│\n│   on main.tf line 12, in resource "shop_cart" "main":\n│   12:   tax = 7`,
    problems: [{ file: 'main.tf', line: 12, message: 'Unsupported argument' }],
  },
  {
    tool: 'Ansible',
    log: `fatal: [shop1]: FAILED! => {"msg": "The task includes an option with an undefined variable. The error appears to be in '/builds/shop/shop/deploy.yml': line 12, column 5, but may be elsewhere"}`,
    problems: [{ file: 'deploy.yml', line: 12, column: 5 }],
  },
  {
    tool: 'Helm',
    log: `Error: template: shop/templates/cart.yaml:12:5: executing "shop/templates/cart.yaml" at <.Values.tax>: nil pointer`,
    problems: [{ line: 12, column: 5 }],
  },
  {
    tool: 'yamllint',
    log: `ci/deploy.yml\n  12:5      error    wrong indentation: expected 2 but found 4  (indentation)`,
    problems: [{ file: 'ci/deploy.yml', line: 12, column: 5 }],
  },
  {
    tool: 'actionlint',
    log: `.github/workflows/ci.yml:12:5: unexpected key "step" for "job" section [syntax-check]`,
    problems: [{ file: '.github/workflows/ci.yml', line: 12, column: 5, rule: 'syntax-check' }],
  },
  {
    tool: 'ShellCheck',
    log: `In build.sh line 12:\nrm -rf $tmp\n       ^--^ SC2086 (info): Double quote to prevent globbing and word splitting.`,
    problems: [{ file: 'build.sh', line: 12, rule: 'SC2086' }],
  },
  {
    tool: 'markdownlint',
    log: `docs/cart.md:12:81 error MD013/line-length Line length [Expected: 80; Actual: 120]`,
    problems: [{ file: 'docs/cart.md', line: 12, column: 81, rule: 'MD013' }],
  },
  {
    tool: 'codespell',
    log: `docs/cart.md:12: teh ==> the`,
    problems: [{ file: 'docs/cart.md', line: 12, message: 'teh ==> the' }],
  },
  {
    tool: 'cspell',
    log: `docs/cart.md:12:5 - Unknown word (teh)\nCSpell: Files checked: 1, Issues found: 1 in 1 file.`,
    problems: [{ file: 'docs/cart.md', line: 12, column: 5 }],
  },
  {
    tool: 'typos',
    log: `error: \`teh\` should be \`the\`\n  --> ./docs/cart.md:12:5\n   |`,
    problems: [{ file: 'docs/cart.md', line: 12, column: 5 }],
  },
  {
    tool: 'lychee',
    log: `[docs/cart.md]:\n[404] https://shop.invalid/tax | Network error: Not Found\n1 Error`,
    problems: [
      { file: 'docs/cart.md', message: expect.stringContaining('https://shop.invalid/tax') as unknown as string },
    ],
  },
  {
    tool: 'markdown-link-check',
    log: `FILE: docs/cart.md\n  [✖] https://shop.invalid/tax → Status: 404\n\n  ERROR: 1 dead links found!`,
    problems: [{ file: 'docs/cart.md' }],
  },
  {
    tool: 'an annotation',
    log: `::error file=src/cart.ts,line=12,col=5::Total is wrong`,
    problems: [{ file: 'src/cart.ts', line: 12, column: 5, message: 'Total is wrong' }],
  },
];

describe('problems', () => {
  test.each(CASES.map((given) => [given.tool, given] as const))(
    'of %s are read with place, rule and message',
    async (_, { log, problems }) => {
      const { facts } = await digest(`${log}\n##[error]Process completed with exit code 1.\n`);

      expect(facts.problems).toHaveLength(problems.length);
      expect(facts.problems).toMatchObject(problems);
    },
  );

  test.each([
    ['a warning that quotes an import', '[warn] import scala.io.Source\nerror: gone'],
    ['a test that Lua leaves out', 'test/cart_spec.lua:64: fails on unix CI\nerror: gone'],
    ['the exit of a script in Go', 'util.go:45: exit status 1\nerror: gone'],
  ])('are not read from %s', async (_, log) => {
    expect((await digest(log)).facts.problems).toEqual([]);
  });

  test('behind the prefix of a wrapper are read as well', async () => {
    const { facts } = await digest(
      [
        '#12 3.456 src/pay.ts(3,15): error TS2339: No total.',
        'web:build: src/tax.ts(5,7): error TS2304: No rate.',
      ].join('\n'),
    );

    expect(facts.problems).toMatchObject([
      { file: 'src/pay.ts', line: 3 },
      { file: 'src/tax.ts', line: 5 },
    ]);
  });
});
