import { describe, expect, test } from '@jest/globals';
import { explain, step } from './support.ts';

/** What the log says, and the words that it becomes. */
const CASES: ReadonlyArray<{ what: string; log: string; headline: string; cause: string; next: string }> = [
  {
    what: 'TypeScript: one error',
    log: step('npx tsc', `src/app.ts(3,7): error TS2322: Type 'string' is not assignable to type 'number'.`, 2),
    headline: "src/app.ts:3 does not compile: Type 'string' is not assignable to type 'number' (TS2322)",
    cause:
      'The TypeScript compiler refuses src/app.ts, line 3; it reports nothing else. It happens in the command "npx tsc" (exit code 2).',
    next: 'Correct src/app.ts, line 3. Check locally: npx tsc --noEmit',
  },
  {
    what: 'TypeScript: two files',
    log: step(
      'npx tsc',
      `src/app.ts(3,7): error TS2322: Type 'string' is not assignable to type 'number'.
src/pay.ts(9,2): error TS2339: Property 'sum' does not exist on type 'Cart'.`,
      2,
    ),
    headline:
      "TypeScript: 2 errors in 2 files, first src/app.ts:3: Type 'string' is not assignable to type 'number' (TS2322)",
    cause: `The TypeScript compiler reports 2 problems in 2 files, the first in src/app.ts, line 3. The next one, at src/pay.ts:9, is: Property 'sum' does not exist on type 'Cart' (TS2339). It happens in the command "npx tsc" (exit code 2).`,
    next: 'Correct src/app.ts, line 3 first; the others may follow from it. Check locally: npx tsc --noEmit',
  },
  {
    what: 'Rust',
    log: step(
      'cargo build',
      `error[E0433]: failed to resolve: use of undeclared type \`Cart\`
  --> src/shop.rs:12:9
   |
12 |         Cart::new()
   |         ^^^^ use of undeclared type \`Cart\`

error: could not compile \`shop\` (bin "shop") due to 1 previous error`,
      101,
    ),
    headline: 'src/shop.rs:12 does not compile: failed to resolve: use of undeclared type `Cart` (E0433)',
    cause:
      'The Rust compiler refuses src/shop.rs, line 12; it reports nothing else. It happens in the command "cargo build" (exit code 101).',
    next: 'Correct src/shop.rs, line 12. Check locally: cargo check --all-targets',
  },
  {
    what: 'Clippy',
    log: step(
      'cargo clippy -- -D warnings',
      `error: redundant clone
  --> src/cart.rs:8:20
   |
8  |     let b = a.clone();
   |              ^^^^^^^^
   = help: for further information visit https://rust-lang.github.io/rust-clippy/master/index.html#redundant_clone

error: could not compile \`shop\` (lib) due to 1 previous error`,
      101,
    ),
    headline: 'Clippy finds a problem at src/cart.rs:8: redundant clone',
    cause:
      'Clippy refuses src/cart.rs, line 8; it reports nothing else. It happens in the command "cargo clippy -- -D warnings" (exit code 101).',
    next: 'Correct src/cart.rs, line 8; this corrects by itself what can be: cargo clippy --fix',
  },
  {
    what: 'Go',
    log: step(
      'go build ./...',
      `# example.com/shop/cart
cart/cart.go:9:2: undefined: Taxes`,
    ),
    headline: 'cart/cart.go:9 does not compile: undefined: Taxes',
    cause:
      'The Go compiler refuses cart/cart.go, line 9; it reports nothing else. It happens in the command "go build ./..." (exit code 1).',
    next: 'Correct cart/cart.go, line 9. Check locally: go vet ./...',
  },
  {
    what: 'Java with Maven',
    log: step(
      'mvn -B compile',
      `[ERROR] COMPILATION ERROR :
[ERROR] /home/runner/work/shop/shop/cart/src/main/java/com/shop/Cart.java:[9,17] cannot find symbol
  symbol:   class Tax
[ERROR] Failed to execute goal org.apache.maven.plugins:maven-compiler-plugin:3.11.0:compile (default-compile) on project cart: Compilation failure -> [Help 1]`,
    ),
    headline: 'cart/src/main/java/com/shop/Cart.java:9 does not compile: cannot find symbol',
    cause:
      'The Java compiler refuses cart/src/main/java/com/shop/Cart.java, line 9; it reports nothing else. It happens in the command "mvn -B compile" (exit code 1).',
    next: 'Correct cart/src/main/java/com/shop/Cart.java, line 9. Check locally: mvn -B compile',
  },
  {
    what: 'C: a header that is missing',
    log: step(
      'make',
      `cc -c -o main.o main.c
main.c:2:10: fatal error: zlib.h: No such file or directory
    2 | #include <zlib.h>
      |          ^~~~~~~~
compilation terminated.
make: *** [Makefile:4: main.o] Error 1`,
      2,
    ),
    headline: 'The header zlib.h is missing',
    cause:
      'The compiler found no file of that name where it looks for headers. The log says: zlib.h: No such file or directory. It happens in the command "make" (exit code 2).',
    next: 'Install the development package that holds zlib.h, or add its folder to the include path.',
  },
  {
    what: 'C++: the linker',
    log: step(
      'make',
      `/usr/bin/ld: main.o: in function \`main':
main.cpp:(.text+0x9): undefined reference to \`tax(int)'
collect2: error: ld returned 1 exit status
make: *** [Makefile:9: shop] Error 1`,
      2,
    ),
    headline: "The linker does not find 'tax(int)'",
    cause: `It is declared but defined in nothing that is linked: a source file or library is missing. The log says: undefined reference to \`tax(int)'. It happens in the command "make" (exit code 2).`,
    next: 'Add the file or library that defines it to the build.',
  },
  {
    what: 'CMake',
    log: step(
      'cmake -B build',
      `CMake Error at CMakeLists.txt:9 (find_package):
  Could NOT find ZLIB (missing: ZLIB_LIBRARY ZLIB_INCLUDE_DIR)`,
    ),
    headline: 'CMake cannot find ZLIB',
    cause:
      'The library or tool is not installed on the runner, or not where CMake looks for it. The log says: Could NOT find ZLIB (missing: ZLIB_LIBRARY ZLIB_INCLUDE_DIR). It happens in the command "cmake -B build" (exit code 1).',
    next: 'Install its development package in the job, or set ZLIB_ROOT to where it is.',
  },
  {
    what: 'CMake: what the system lacks',
    log: step(
      'cmake -B build',
      `CMake Error at /usr/share/cmake-3.25/Modules/FindBoost.cmake:2377 (message):
  Unable to find the requested Boost libraries.
Call Stack (most recent call first):
  CMakeLists.txt:9 (find_package)`,
    ),
    headline:
      'CMake stops at /usr/share/cmake-3.25/Modules/FindBoost.cmake:2377: Unable to find the requested Boost libraries.',
    cause:
      'CMake refuses /usr/share/cmake-3.25/Modules/FindBoost.cmake, line 2377; it reports nothing else. It happens in the command "cmake -B build" (exit code 1).',
    next: 'Install what it looks for on the runner, or tell CMake where it is.',
  },
  {
    what: 'C#',
    log: step(
      'dotnet build',
      `/home/runner/work/shop/shop/Cart.cs(9,17): error CS0103: The name 'Tax' does not exist in the current context [/home/runner/work/shop/shop/Shop.csproj]`,
    ),
    headline: "Cart.cs:9 does not compile: The name 'Tax' does not exist in the current context (CS0103)",
    cause:
      'The C# compiler refuses Cart.cs, line 9; it reports nothing else. It happens in the command "dotnet build" (exit code 1).',
    next: 'Correct Cart.cs, line 9. Check locally: dotnet build',
  },
  {
    what: 'ESLint',
    log: step(
      'npx eslint .',
      `
/home/runner/work/shop/shop/src/cart.js
  3:7   error    'tax' is assigned a value but never used  no-unused-vars
  9:12  error    Expected '===' and instead saw '=='       eqeqeq

✖ 2 problems (2 errors, 0 warnings)`,
    ),
    headline: "ESLint finds 2 problems in src/cart.js: 'tax' is assigned a value but never used (no-unused-vars)",
    cause: `ESLint reports 2 problems in 1 file, the first in src/cart.js, line 3. The next one, at src/cart.js:9, is: Expected '===' and instead saw '==' (eqeqeq). It happens in the command "npx eslint ." (exit code 1).`,
    next: 'Correct them; this corrects by itself what can be: npx eslint --fix .',
  },
  {
    what: 'Prettier',
    log: step(
      'npx prettier --check .',
      `Checking formatting...
[warn] src/cart.ts
[warn] src/pay.ts
[warn] Code style issues found in 2 files. Run Prettier with --write to fix.`,
    ),
    headline: 'Prettier would change 2 files: src/cart.ts and src/pay.ts',
    cause:
      'The files are not formatted as the project asks for; only the form is at fault, not what the code does. It happens in the command "npx prettier --check ." (exit code 1).',
    next: 'Format them and commit the result: npx prettier --write src/cart.ts src/pay.ts',
  },
  {
    what: 'Black',
    log: step(
      'black --check .',
      `would reformat shop/cart.py
would reformat shop/pay.py

Oh no! 💥 💔 💥
2 files would be reformatted, 9 files would be left unchanged.`,
    ),
    headline: 'Black would change 2 files: shop/cart.py and shop/pay.py',
    cause:
      'The files are not formatted as the project asks for; only the form is at fault, not what the code does. It happens in the command "black --check ." (exit code 1).',
    next: 'Format them and commit the result: black shop/cart.py shop/pay.py',
  },
  {
    what: 'rustfmt',
    log: step(
      'cargo fmt --all --check',
      `Diff in /home/runner/work/shop/shop/src/cart.rs:9:
 fn total() {
-let a=1;
+    let a = 1;
 }`,
    ),
    headline: 'rustfmt would change src/cart.rs',
    cause:
      'The file is not formatted as the project asks for; only the form is at fault, not what the code does. It happens in the command "cargo fmt --all --check" (exit code 1).',
    next: 'Format it and commit the result: cargo fmt --all',
  },
  {
    what: 'terraform fmt',
    log: step(
      'terraform fmt -check -recursive',
      `main.tf
modules/net/main.tf`,
      3,
    ),
    headline: 'terraform fmt would change 2 files: main.tf and modules/net/main.tf',
    cause:
      'The files are not formatted as the project asks for; only the form is at fault, not what the code does. It happens in the command "terraform fmt -check -recursive" (exit code 3).',
    next: 'Format them and commit the result: terraform fmt main.tf modules/net/main.tf',
  },
  {
    what: 'flake8',
    log: step(
      'flake8',
      `shop/cart.py:3:1: F401 'os' imported but unused
shop/cart.py:9:80: E501 line too long (92 > 79 characters)`,
    ),
    headline: "flake8 finds 2 problems in shop/cart.py: 'os' imported but unused (F401)",
    cause:
      'flake8 reports 2 problems in 1 file, the first in shop/cart.py, line 3. The next one, at shop/cart.py:9, is: line too long (92 > 79 characters) (E501). It happens in the command "flake8" (exit code 1).',
    next: 'Correct shop/cart.py, line 3 first; then the other one. Check locally: flake8',
  },
  {
    what: 'mypy',
    log: step(
      'mypy shop',
      `shop/cart.py:9: error: Incompatible return value type (got "str", expected "int")  [return-value]
Found 1 error in 1 file (checked 4 source files)`,
    ),
    headline:
      'mypy finds a problem at shop/cart.py:9: Incompatible return value type (got "str", expected "int") (return-value)',
    cause:
      'mypy refuses shop/cart.py, line 9; it reports nothing else. It happens in the command "mypy shop" (exit code 1).',
    next: 'Correct shop/cart.py, line 9. Check locally: mypy .',
  },
  {
    what: 'RuboCop',
    log: step(
      'bundle exec rubocop',
      `Inspecting 9 files
lib/cart.rb:9:5: C: Style/RedundantReturn: Redundant return detected.

9 files inspected, 1 offense detected, 1 offense autocorrectable`,
    ),
    headline: 'RuboCop finds a problem at lib/cart.rb:9: Redundant return detected (Style/RedundantReturn)',
    cause:
      'RuboCop refuses lib/cart.rb, line 9; it reports nothing else. It happens in the command "bundle exec rubocop" (exit code 1).',
    next: 'Correct lib/cart.rb, line 9; this corrects by itself what can be: bundle exec rubocop -a',
  },
  {
    what: 'golangci-lint',
    log: step(
      'golangci-lint run',
      `cart/cart.go:9:2: ineffectual assignment to tax (ineffassign)
cart/pay.go:4:6: func unused is unused (unused)`,
    ),
    headline:
      'golangci-lint finds 2 problems in 2 files, first cart/cart.go:9: ineffectual assignment to tax (ineffassign)',
    cause:
      'golangci-lint reports 2 problems in 2 files, the first in cart/cart.go, line 9. The next one, at cart/pay.go:4, is: func unused is unused. It happens in the command "golangci-lint run" (exit code 1).',
    next: 'Correct cart/cart.go, line 9 first; then the other one. Check locally: golangci-lint run',
  },
  {
    what: 'ShellCheck',
    log: step(
      'shellcheck deploy.sh',
      `
In deploy.sh line 9:
rm -rf $HOME/$1
       ^-- SC2086 (info): Double quote to prevent globbing and word splitting.`,
    ),
    headline: 'ShellCheck finds a problem at deploy.sh:9: Double quote to prevent globbing and word splitting (SC2086)',
    cause:
      'ShellCheck refuses deploy.sh, line 9; it reports nothing else. It happens in the command "shellcheck deploy.sh" (exit code 1).',
    next: 'Correct deploy.sh, line 9. Check locally: shellcheck deploy.sh',
  },
  {
    what: 'markdownlint',
    log: step(
      'npx markdownlint-cli2 "**/*.md"',
      `docs/a.md:3 MD012/no-multiple-blanks Multiple consecutive blank lines [Expected: 1; Actual: 2]`,
    ),
    headline:
      'markdownlint finds a problem at docs/a.md:3: Multiple consecutive blank lines [Expected: 1; Actual: 2] (MD012)',
    cause:
      'markdownlint refuses docs/a.md, line 3; it reports nothing else. It happens in the command "npx markdownlint-cli2 "**/*.md"" (exit code 1).',
    next: 'Correct docs/a.md, line 3; this corrects by itself what can be: npx markdownlint-cli2 --fix',
  },
  {
    what: 'Python syntax',
    log: step(
      'python -m compileall shop',
      `*** Error compiling 'shop/cart.py'...
  File "shop/cart.py", line 9
    def total(
             ^
SyntaxError: '(' was never closed`,
    ),
    headline: "shop/cart.py:9 does not compile: SyntaxError: '(' was never closed",
    cause:
      'The tool refuses shop/cart.py, line 9; it reports nothing else. It happens in the command "python -m compileall shop" (exit code 1).',
    next: 'Correct shop/cart.py, line 9. Check locally: python -m compileall shop',
  },
  {
    what: 'coverage below the threshold',
    log: step('npx jest --coverage', `Jest: "global" coverage threshold for branches (80%) not met: 71.42%`),
    headline: 'Test coverage is too low: 71.42% of branches instead of 80%',
    cause:
      'The tests pass, but they run less of the code than the project asks for. It happens in the command "npx jest --coverage" (exit code 1).',
    next: 'Add tests for the new code, or look at the report: npx jest --coverage',
  },
  {
    what: 'a check that prints differences',
    log: step(
      './check-docs.sh',
      `diff --git a/docs/tax.md b/docs/tax.md
index 83db48f..bf269f4 100644
--- a/docs/tax.md
+++ b/docs/tax.md
@@ -1,3 +1,3 @@
-Tax is 19 %.
+Tax is 20 %.
 Prices are in euro.`,
    ),
    headline: 'The check prints differences in docs/tax.md',
    cause:
      'The files that are committed are not what the tools of the job make of them, or expect. It happens in the command "./check-docs.sh" (exit code 1).',
    next: 'Make the same change to the files (lines with + and - show it) and commit it. Check locally: ./check-docs.sh',
  },
  {
    what: 'Jest cannot load the file',
    log: step(
      'npx jest',
      `FAIL src/cart.test.js
  ● Test suite failed to run

    Cannot find module './tax' from 'src/cart.js'

      at Resolver.resolveModule (node_modules/jest-resolve/build/index.js:259:17)

Test Suites: 1 failed, 1 total
Tests:       0 total`,
    ),
    headline: "The test file src/cart.test.js cannot run (Jest): Cannot find module './tax' from 'src/cart.js'",
    cause:
      'Jest stopped before it reached a test: the file, or something that it imports, does not load. It happens in the command "npx jest" (exit code 1).',
    next: 'Run it locally: npx jest src/cart.test.js',
  },
  {
    what: 'commitlint',
    log: step(
      'npx commitlint --from main',
      `⧗   input: Fixed it.
✖   subject may not be empty [subject-empty]
✖   found 1 problems, 0 warnings`,
    ),
    headline: 'The commit message breaks a rule: subject may not be empty [subject-empty]',
    cause:
      'commitlint checks the form of messages, and one of the branch does not have it. It happens in the command "npx commitlint --from main" (exit code 1).',
    next: 'Reword the commit, for example with: git commit --amend',
  },
];

describe('Code that compilers, linters and formatters refuse', () => {
  test.each(CASES)('$what', async ({ log, headline, cause, next }) => {
    const answer = await explain(log);

    expect(answer).toMatchObject({ headline, cause, nextStep: next });
  });
});
