import { shortPath } from '../paths.ts';
import type { PlainLine } from './match.ts';
import { toNumber } from './values.ts';

/** Where a test has failed. */
export interface Place {
  readonly file: string;
  readonly line: number | null;
}

/** How languages say where an assertion stands, in stack frames and below a test's name. */
const PLACES: readonly RegExp[] = [
  // JavaScript: at Object.<anonymous> (test/cart.test.js:12:5); Vitest: ❯ test/cart.test.ts:12:5
  /^\s{0,24}(?:at (?:.{1,200} )?\(?|❯ )(?:file:\/\/)?(?<file>(?:[A-Za-z]:)?[\w@.+~/\\ -]{1,250}\.[cm]?[jt]sx?):(?<row>\d{1,6}):\d{1,6}\)?$/u,
  // JVM: at shop.CartTest.total(CartTest.java:12)
  /^\s{0,24}at (?!(?:app\/\/|[\w.@]{1,60}\/)?(?:java\.|javax\.|jdk\.|sun\.|kotlin\.|spock\.|org\.(?:junit|testng|assertj|hamcrest|mockito|opentest4j|gradle|codehaus|apache\.maven|scalatest|spockframework)|com\.google\.common\.truth|junit\.|scala\.|worker\.org))[\w.$/<>@ ]{1,250}\((?<file>\w{1,120}\.(?:java|kt|groovy|scala)):(?<row>\d{1,6})\)/u,
  // pytest: test/test_cart.py:12: AssertionError
  /^(?<file>[\w./\\-]{1,200}\.py):(?<row>\d{1,6}): (?:\w{1,60}(?:Error|Exception|Failed|Exit)\b|AssertionError)/u,
  // Python: File "test/test_cart.py", line 12, in test_total
  /^\s{0,12}File "(?<file>(?![^"]{0,250}(?:site-packages|[\\/]lib[\\/]python))[^"]{1,250})", line (?<row>\d{1,6}), in test/u,
  // Rust: panicked at src/lib.rs:12:9
  /panicked at (?:'.{1,300}', )?(?<file>(?!\/rustc\/)[\w./\\-]{1,200}\.rs):(?<row>\d{1,6}):\d{1,6}/u,
  // Go: cart_test.go:12: message
  /^\s{0,24}(?<file>[\w./-]{1,160}_test\.go):(?<row>\d{1,6}): /u,
  /^\s{0,24}Error Trace:\s{1,8}(?<file>[\w./-]{1,200}\.go):(?<row>\d{1,6})$/u,
  // Ruby: # ./spec/cart_spec.rb:12:in `block'; Minitest: test/cart_test.rb:12
  /^\s{0,12}# (?!\/usr|\/opt|.{0,200}\/gems\/)(?<file>[\w./-]{1,200}\.rb):(?<row>\d{1,6})/u,
  /^\s{0,4}(?:bin\/)?rails test (?<file>[\w./-]{1,200}\.rb):(?<row>\d{1,6})$/u,
  /^.{0,200}\[(?<file>[\w./-]{1,200}_?test\w{0,40}\.rb):(?<row>\d{1,6})\]:?$/u,
  // PHPUnit: /app/tests/CartTest.php:12
  /^\s{0,4}(?!.{0,250}\/vendor\/)(?:at )?(?<file>[\w./\\-]{1,250}\.php):(?<row>\d{1,6})$/u,
  // .NET: at Shop.CartTest.Total() in /src/CartTest.cs:line 12
  / in (?<file>(?:[A-Za-z]:)?[\w@./\\ +~-]{1,250}\.(?:cs|fs|vb)):line (?<row>\d{1,6})/u,
  // googletest, Catch2
  /^(?<file>[\w./\\-]{2,200}\.(?:cc|cpp|cxx|c|h|hpp))[:(](?<row>\d{1,6})\)?: (?:Failure|FAILED)/u,
  // EUnit: %% test/cart_tests.erl:12:in `cart_tests:-adds_test/0-fun-0-/0`
  /^\s{0,12}%% (?<file>[\w./-]{1,250}\.erl):(?<row>\d{1,6}):in /u,
  // Swift, Dart, Elixir, Haskell, Lua, Clojure
  /^\s{0,12}(?:at )?(?:package:\S{1,80} )?(?<file>(?:test|tests|spec|integration_test)[\w./-]{0,200}\.(?:dart|exs?|l?hs|lua|clj|swift|nim|cr))[: ](?<row>\d{1,6})/u,
];

const JVM_FRAME =
  /^\s{0,24}(?:\[junit\]\s{0,12})?at (?<suite>[\w.$]{1,220})\.(?<method>[\w$ ]{1,160})\((?<file>\w{1,120}\.(?:java|kt|groovy|scala)):(?<row>\d{1,6})\)/u;

/** The stack frame of the test itself, which tells its class where the runner has not. */
export function findOwnFrame(
  lines: readonly PlainLine[],
  { from, to, name }: { from: number; to: number; name: string },
): (Place & { readonly suite: string }) | null {
  const method = name
    .replace(/[[({].{0,290}$/u, '')
    .split(/ > |[.:#]/u)
    .at(-1);
  for (const { text } of lines.slice(from, to)) {
    const groups = JVM_FRAME.exec(text)?.groups;
    if (groups?.['file'] === undefined || groups['method'] !== method) continue;
    return { file: groups['file'], line: toNumber(groups['row']), suite: groups['suite'] ?? '' };
  }
  return null;
}

/** The first place that the lines from `from` up to `to` name. */
export function findPlace(lines: readonly PlainLine[], from: number, to: number): Place | null {
  for (const { text } of lines.slice(from, to)) {
    if (text.includes('node_modules')) continue;
    for (const pattern of PLACES) {
      const groups = pattern.exec(text)?.groups;
      if (groups?.['file'] !== undefined) return { file: shortPath(groups['file']), line: toNumber(groups['row']) };
    }
  }
  return null;
}
