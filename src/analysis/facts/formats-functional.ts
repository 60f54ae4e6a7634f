import type { FactFormat } from './format.ts';

const test = { kind: 'test' } as const;
const problem = { kind: 'problem' } as const;

/** Elixir, Erlang, Haskell, OCaml, Elm, Crystal. */
export const FUNCTIONAL_FORMATS: readonly FactFormat[] = [
  // ExUnit: 1) test adds (ShopTest), then the place
  {
    ...test,
    literals: [') test ', ') doctest ', ') property '],
    pattern: /^\s{0,8}\d{1,4}\) (?<test>(?:test|doctest|property) .{1,250}? \([A-Z][\w.]{1,150}\))$/u,
    below: { pattern: /^\s{1,12}(?<file>[\w./-]{1,200}\.exs?):(?<row>\d{1,6})$/u, within: 2 },
  },
  // EUnit and Common Test
  {
    ...test,
    literals: ['*failed*'],
    pattern: /^\s{0,12}(?:\S{1,80}:\d{1,6}: )?(?<test>[\w:@/ ()-]{1,200}?)\.{0,3}\s?(?:\[[\d.]{1,9} s\] )?\*failed\*/u,
  },
  {
    ...test,
    literals: ['_suite ==> '],
    pattern: /^%{3} (?<suite>\w{1,100}_SUITE) ==> (?<test>[\w.]{1,160})(?: \(.{1,60}\))?: FAILED/u,
  },
  { ...test, literals: ['failed on line'], pattern: /(?<![\w:])(?<test>[\w:]{2,120}) failed on line (?<row>\d{1,6})/u },
  {
    ...test,
    literals: [": module '"],
    pattern: /^\s{2}\d{1,4}\) (?<test>\w{1,100}:\w{1,150}\/\d): module '\w{1,100}'$/u,
  },
  // hspec and tasty; Cabal
  {
    ...test,
    literals: [') '],
    pattern: /^\s{2}\d{1,4}\) (?<test>\S.{1,250})$/u,
    above: {
      pattern: /^\s{2}(?<file>[\w./-]{1,200}\.l?hs):(?<row>\d{1,6}):(?<column>\d{1,6}):\s{0,2}$/u,
      within: 1,
      isNeeded: true,
    },
  },
  { ...test, literals: [' fail'], pattern: /^\s{1,40}(?<test>\S.{1,200}?):\s{1,60}FAIL(?: \(\d.{1,12}\))?$/u },
  {
    ...test,
    literals: ['### failure in', '### error in'],
    pattern: /^### (?:Failure|Error) in: (?<test>\S.{0,200})$/u,
  },
  // Alcotest
  { ...test, literals: ['[fail]'], pattern: /^[>│ ]{0,4}\s?\[FAIL\]\s{2,20}(?<test>\S.{1,200}?)\.?$/u },
  // GHC: src/Cart.hs:3:7: error: [GHC-83865], then the message
  {
    ...problem,
    literals: [': error:'],
    pattern:
      /^(?<file>[\w@./\\+~-]{1,250}\.l?hsc?):(?:(?<row>\d{1,6}):(?<column>\d{1,6})(?:-\d{1,6})?|\((?<line>\d{1,6}),(?<place>\d{1,6})\)-\(\d{1,6},\d{1,6}\)): error:(?: \[(?<rule>[\w, -]{2,80})\]){0,2}$/u,
    below: { pattern: /^\s{2,8}(?:• )?(?<message>\S.{1,300})/u, within: 1 },
  },
  // OCaml: File "cart.ml", line 3, characters 7-9:, then "Error: message"
  {
    ...problem,
    literals: ['error: ', 'error ('],
    pattern: /^Error(?: \([^)]{1,80}\))?: (?<message>.{1,300})/u,
    above: {
      pattern: /^File "(?<file>[^"]{1,250})", lines? (?<row>\d{1,6})(?:-\d{1,6})?, characters (?<column>\d{1,6})/u,
      within: 6,
      isNeeded: true,
    },
  },
  // Crystal: In src/cart.cr:3:7, then "Error: message"
  {
    ...problem,
    literals: ['error: '],
    pattern: /^Error: (?<message>.{1,300})/u,
    above: {
      pattern:
        /^(?:In|in line \d{1,6} at|Showing last frame.{0,80})? ?(?<file>[\w@./\\+~-]{1,250}\.cr):(?<row>\d{1,6}):(?<column>\d{1,6})/u,
      within: 8,
      isNeeded: true,
    },
  },
  // Elixir: ** (CompileError) lib/cart.ex:3: message, and error: message with └─ lib/cart.ex:3:7
  {
    ...problem,
    literals: ['** ('],
    pattern:
      /^\s{0,4}\*\* \((?<rule>(?:Compile|Syntax|TokenMissing|MismatchedDelimiter)Error)\) (?<file>[\w./-]{1,200}\.exs?):(?<row>\d{1,6})(?::(?<column>\d{1,6}))?: (?<message>.{1,300})/u,
  },
  {
    ...problem,
    literals: ['error: ', 'warning: '],
    pattern: /^\s{0,8}(?:error|warning): (?<message>.{1,300})/u,
    below: {
      pattern: /^\s{0,12}└─ (?<file>[\w./-]{1,200}\.exs?):(?<row>\d{1,6})(?::(?<column>\d{1,6}))?/u,
      within: 8,
      isNeeded: true,
    },
  },
  // Credo: [R] → message, then lib/cart.ex:3:7 #(Cart)
  {
    ...problem,
    literals: ['[r] ', '[c] ', '[w] ', '[f] ', '[d] '],
    pattern: /^[┃│|]?\s{0,4}\[[RCWFD]\] [→↗↘↓↑] (?<message>\S.{1,300})$/u,
    below: {
      pattern: /^[┃│|]?\s{1,12}(?<file>[\w./-]{1,200}\.exs?):(?<row>\d{1,6})(?::(?<column>\d{1,6}))?/u,
      within: 3,
      isNeeded: true,
    },
  },
  // Erlang: src/cart.erl:3:7: message
  {
    ...problem,
    literals: ['.erl:', '.hrl:'],
    pattern:
      /^\s{0,4}(?<file>[\w./-]{1,200}\.[eh]rl):(?<row>\d{1,6})(?::(?<column>\d{1,6}))?: (?!Warning)(?<message>.{1,300})/u,
  },
  // Elm: -- TYPE MISMATCH ---- src/Cart.elm, then the line with its number
  {
    ...problem,
    literals: ['.elm'],
    pattern: /^-- (?<message>[A-Z][A-Z ]{2,60}) -{2,200} (?<file>[\w./\\-]{1,200}\.elm)$/u,
    below: { pattern: /^(?<row>\d{1,6})\|/u, within: 8 },
  },
];
