import type { Facts, LogLine, Problem } from '../../domain/diagnosis.ts';

/** Who complained about the code, and how to hear the same complaint at home. */
export interface Checker {
  readonly name: string;
  /** A compiler stops the build; a checker judges code that may well work; a planner changes what lies outside. */
  readonly kind: 'compiler' | 'checker' | 'planner';
  /** The command that complains in the same way; null where projects differ too much. */
  readonly command: string | null;
  /** Corrects some of it by itself. */
  readonly repair?: string;
}

const compiler = (name: string, command: string | null): Checker => ({ name, kind: 'compiler', command });
const checker = (name: string, command: string | null, repair?: string): Checker =>
  repair === undefined ? { name, kind: 'checker', command } : { name, kind: 'checker', command, repair };

const BY_TOOL: Readonly<Record<string, Checker>> = {
  eslint: checker('ESLint', 'npx eslint .', 'npx eslint --fix .'),
  flake8: checker('flake8', 'flake8'),
  mypy: checker('mypy', 'mypy .'),
  pyright: checker('Pyright', 'pyright'),
  terraform: { name: 'Terraform', kind: 'planner', command: 'terraform plan' },
  rubocop: checker('RuboCop', 'bundle exec rubocop', 'bundle exec rubocop -a'),
  gometalinter: checker('golangci-lint', 'golangci-lint run'),
  markdownlint: checker('markdownlint', 'npx markdownlint-cli2', 'npx markdownlint-cli2 --fix'),
  shellcheck: checker('ShellCheck', null),
  prettier: checker('Prettier', 'npx prettier --check .', 'npx prettier --write .'),
  clippy: checker('Clippy', 'cargo clippy --all-targets', 'cargo clippy --fix'),
  checkstyle: checker('Checkstyle', null),
  cmake: compiler('CMake', null),
  kotlinc: compiler('Kotlin', null),
};

/** Codes and forms of messages that only one tool uses. */
const BY_MESSAGE: ReadonlyArray<readonly [RegExp, Checker]> = [
  [/^TS\d{3,6}\b/u, compiler('TypeScript', 'npx tsc --noEmit')],
  [
    /\bclippy::|rust-lang\.github\.io\/rust-clippy/u,
    checker('Clippy', 'cargo clippy --all-targets', 'cargo clippy --fix'),
  ],
  [/^MD\d{3}\b/u, checker('markdownlint', 'npx markdownlint-cli2', 'npx markdownlint-cli2 --fix')],
  [/^(?:SA|ST|S1|QF)\d{3,4}\b|\((?:SA|ST|QF)\d{4}\)$/u, checker('staticcheck', 'staticcheck ./...')],
  [/^SC\d{4}\b/u, checker('ShellCheck', null)],
  [/^DL\d{4}\b/u, checker('hadolint', 'hadolint Dockerfile')],
  [/^CS\d{4}\b/u, compiler('C#', 'dotnet build')],
  [/^MSB\d{4}\b/u, compiler('MSBuild', 'dotnet build')],
  [
    /^(?:[CIDW]: )?(?:Layout|Style|Lint|Metrics|Naming|Performance|Rails|RSpec|Security|Bundler|Gemspec)\/\w{3,80}/u,
    checker('RuboCop', 'bundle exec rubocop', 'bundle exec rubocop -a'),
  ],
  [
    /^(?:annotation|blocks|coding|design|header|imports|indentation|javadoc|metrics|misc|modifier|naming|regexp|sizes|whitespace): [A-Z]\w{2,60}: /u,
    checker('Checkstyle', null),
  ],
  [
    /\((?:gofmt|goimports|revive|govet|errcheck|staticcheck|unused|ineffassign|gosec|gocritic|lll|misspell|golint|typecheck|stylecheck|gosimple|deadcode|unconvert|goconst|gocyclo|dupl)\)$/u,
    checker('golangci-lint', 'golangci-lint run'),
  ],
  [/\[[a-z]{1,30}(?:-[a-z]{1,30}){1,5}\]$/u, checker('mypy', 'mypy .')],
];

const SWIFTLINT = /\((?:[\w-]{1,40}_[\w]{1,40})\)$/u;

/** Linters that say nothing of themselves: the command names them. */
const BY_COMMAND =
  /(?:^|[\s/:])(?<name>yamllint|actionlint|hadolint|pylint|ruff|stylelint|tslint|biome|oxlint|swiftlint|ktlint|detekt|cppcheck|clang-tidy|cpplint|vale|codespell|typos|pydocstyle|bandit|phpcs|phpstan|psalm|credo|tflint|tsd|standard|xo|staticcheck|markdown-link-check|ansible-lint|shellcheck|markdownlint|commitlint|pyright|checkstyle|cspell|luacheck|go vet|(?:dart|flutter) analyze)(?:\s|$|:)/u;

const BY_EXTENSION: Readonly<Record<string, Checker>> = {
  ts: compiler('TypeScript', 'npx tsc --noEmit'),
  tsx: compiler('TypeScript', 'npx tsc --noEmit'),
  rs: compiler('Rust', 'cargo check --all-targets'),
  go: compiler('Go', 'go vet ./...'),
  java: compiler('Java', null),
  kt: compiler('Kotlin', null),
  scala: compiler('Scala', null),
  groovy: compiler('Groovy', null),
  cs: compiler('C#', 'dotnet build'),
  c: compiler('C', null),
  h: compiler('C', null),
  cc: compiler('C++', null),
  cpp: compiler('C++', null),
  cxx: compiler('C++', null),
  hpp: compiler('C++', null),
  m: compiler('Objective-C', null),
  mm: compiler('Objective-C', null),
  swift: compiler('Swift', null),
  hs: compiler('Haskell', null),
  ex: compiler('Elixir', 'mix compile --warnings-as-errors'),
  exs: compiler('Elixir', 'mix compile --warnings-as-errors'),
  erl: compiler('Erlang', null),
};

/** Checkers whose complaints look like those of the compiler, and what else they say. */
const IN_LINES: ReadonlyArray<readonly [RegExp, string]> = [
  [/clippy::|rust-clippy/u, 'clippy'],
  [
    /maven-checkstyle-plugin:\S{1,60} .{0,200}(?:violation|Failed during checkstyle)|Execution failed for task '\S{0,100}:checkstyle/u,
    'checkstyle',
  ],
];

/** The checker that another line names; null where none does. */
export function checkerInLines(lines: readonly LogLine[]): string | null {
  return IN_LINES.find(([sign]) => lines.some(({ text }) => sign.test(text)))?.[1] ?? null;
}

/** Who complained: by the form of the message, by the tool that speaks most in the log, else by the language of the file. */
export function checkerOf(
  { file, message, rule }: Problem,
  { tool, failedCommand }: Pick<Facts, 'tool' | 'failedCommand'>,
): Checker | null {
  const text = rule === null ? message : `${message.startsWith(`${rule}: `) ? '' : `${rule}: `}${message} (${rule})`;
  const byMessage = BY_MESSAGE.find(([form]) => form.test(text))?.[1];
  if (byMessage !== undefined) return byMessage;
  if (file.endsWith('.swift') && SWIFTLINT.test(text)) return checker('SwiftLint', 'swiftlint', 'swiftlint --fix');
  const named = BY_COMMAND.exec(failedCommand ?? '')?.groups?.['name'];
  if (named !== undefined && BY_TOOL[named] === undefined) return checker(named, null);
  const extension = /\.(?<extension>\w{1,6})$/u.exec(file)?.groups?.['extension']?.toLowerCase() ?? '';
  const byLanguage = BY_EXTENSION[extension] ?? null;
  const byTool = BY_TOOL[tool ?? ''];
  if (byTool !== undefined && isItsLanguage(byTool, extension)) return byTool;
  return byLanguage;
}

const LANGUAGES: Readonly<Record<string, RegExp>> = {
  ESLint: /^(?:[cm]?[jt]sx?|vue|svelte|json|mdx?)$/u,
  Prettier: /./u,
  flake8: /^pyi?$/u,
  mypy: /^pyi?$/u,
  RuboCop: /^(?:rb|rake|gemspec|ru)$|^$/u,
  'golangci-lint': /^go$/u,
  markdownlint: /^md$/u,
  ShellCheck: /^(?:sh|bash)$|^$/u,
  Clippy: /^rs$/u,
  Checkstyle: /^java$/u,
  CMake: /^(?:cmake|txt)$/u,
  Kotlin: /^kts?$/u,
};

function isItsLanguage({ name }: Checker, extension: string): boolean {
  return LANGUAGES[name]?.test(extension) ?? true;
}
