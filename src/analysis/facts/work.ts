import type { Category } from '../../domain/diagnosis.ts';

const ECOSYSTEMS: ReadonlyArray<readonly [RegExp, string]> = [
  [/\.(?:[cm]?[jt]sx?|vue|svelte)$/u, 'javascript'],
  [/\.(?:pyi?|ipynb)$/u, 'python'],
  [/\.(?:java|kts?|groovy)$/u, 'java'],
  [/\.(?:scala|sc)$/u, 'scala'],
  [/\.go$/u, 'go'],
  [/\.rs$/u, 'rust'],
  [/\.(?:rb|rake)$/u, 'ruby'],
  [/\.(?:php|phpt)$/u, 'php'],
  [/\.(?:cs|fs|vb|csproj)$/u, 'dotnet'],
  [/\.(?:c|cc|cpp|cxx|h|hh|hpp)$/u, 'c++'],
  [/\.(?:swift|m|mm)$/u, 'swift'],
  [/\.dart$/u, 'dart'],
  [/\.exs?$/u, 'elixir'],
  [/\.[eh]rl$/u, 'erlang'],
  [/\.l?hs$/u, 'haskell'],
  [/\.(?:p[lm]|t)$/u, 'perl'],
  [/\.[rR]$/u, 'r'],
  [/\.jl$/u, 'julia'],
  [/\.(?:sh|bash)$/u, 'shell'],
  [/\.tf$/u, 'terraform'],
];

const BY_PROGRAM: Readonly<Record<string, string>> = {
  bun: 'javascript',
  cargo: 'rust',
  dotnet: 'dotnet',
  go: 'go',
  gradle: 'java',
  maven: 'java',
  mix: 'elixir',
  npm: 'javascript',
  pip: 'python',
  pnpm: 'javascript',
  poetry: 'python',
  uv: 'python',
  yarn: 'javascript',
};

/** The language that a program is for; null where it serves several. */
export function ecosystemOfTool(tool: string | null): string | null {
  return BY_PROGRAM[tool ?? ''] ?? null;
}

/** The language of a file, by its name; null where the name does not tell. */
export function ecosystemOf(file: string | null | undefined): string | null {
  if (file === null || file === undefined) return null;
  return ECOSYSTEMS.find(([pattern]) => pattern.test(file))?.[1] ?? null;
}

const PROGRAM =
  /^(?:(?:sudo|time|xvfb-run|travis_retry|travis_wait(?: \d{1,4})?|env|command|poetry run|uv run|pipenv run|bundle exec|npx|pnpm exec|yarn run|python3? -m|[A-Z_]{1,60}=\S{0,200}) {1,4}){0,6}(?:\.\/|\S{0,120}\/)?(?<program>[a-z][\w-]{0,40})/u;
const PROGRAMS: ReadonlySet<string> = new Set(
  `actionlint ansible-lint ansible-playbook ant bazel biome black bun bundle busted cabal cargo clippy cmake codecept composer crystal ctest cypress dart deno docker dotnet
dub dune elm-test erlc eslint flake8 flutter ghc go golangci-lint gradle gradlew helm hugo isort jekyll jest just karma kubectl lein luacheck make mdbook meson
mix mocha mvn mvnw mypy nim nimble ninja nox npm nx opam php phpstan phpunit pip playwright pnpm poetry prettier prove psalm pulumi pylint pyright pytest rake rebar3
rspec rubocop ruff sbt shellcheck sphinx-build stack stylelint swift terraform tofu tox tsc turbo uv vitest xcodebuild yarn zig`.split(
    /\s/u,
  ),
);
const NAMES: Readonly<Record<string, string>> = { mvn: 'maven', mvnw: 'maven', gradlew: 'gradle', bundle: 'bundler' };

/** The tool that a command runs, where it is one that people know; null for scripts of one's own. */
export function toolOf(command: string | null): string | null {
  const program = command === null ? undefined : PROGRAM.exec(command)?.groups?.['program'];
  return program === undefined || !PROGRAMS.has(program) ? null : (NAMES[program] ?? program);
}

const WORK: ReadonlyArray<readonly [RegExp, Category]> = [
  [
    /(?<!--)\b(?:deploy\w{0,5}|publish\w{0,3}|release|terraform apply|helm upgrade|kubectl (?:apply|rollout)|pulumi up|fastlane|twine upload|(?:docker|podman)\b.{0,120}\bpush|ansible-playbook|rsync)\b/iu,
    'deployment',
  ],
  [
    /\b(?:lint\w{0,4}|fmt|format(?:ting)?|style|clippy|eslint|prettier|rubocop|ruff|flake8|mypy|checkstyle|shellcheck|link-?check\w{0,4}|check[_-]\w{2,40})\b/iu,
    'lint',
  ],
  [
    /\b(?:npm ci|(?:npm|yarn|pnpm|pip3?|bundle|composer|poetry|apt-get|brew|gem) install|go mod|dotnet restore)\b/iu,
    'dependency',
  ],
  [/\b(?:tests?|specs?|pytest|jest|rspec|phpunit|ctest|tox)\b/iu, 'test'],
  [/\b(?:build|compile|assemble|tsc|make)\b/iu, 'compile'],
];

/** Programs that judge by themselves, so that what is said is said by them, whatever it looks like. */
const JUDGES: Readonly<Record<string, string | null>> = {
  'ansible-lint': null,
  'ansible-playbook': null,
  biome: 'javascript',
  black: 'python',
  busted: 'lua',
  cypress: 'javascript',
  dart: 'dart',
  deno: 'javascript',
  dune: 'ocaml',
  flutter: 'dart',
  helm: null,
  isort: 'python',
  kubectl: null,
  luacheck: 'lua',
  mypy: 'python',
  phpstan: 'php',
  playwright: 'javascript',
  psalm: 'php',
  pylint: 'python',
  pyright: 'python',
  rebar3: 'erlang',
  ruff: 'python',
  stack: 'haskell',
  stylelint: 'css',
  terraform: 'terraform',
  tofu: 'terraform',
  zig: 'zig',
};

/** The tool that a command runs, and its language, where nobody else can be speaking; null elsewhere. */
export function judgeOf(command: string | null): { tool: string; ecosystem: string | null } | null {
  const tool = toolOf(command);
  const ecosystem = tool === null ? undefined : JUDGES[tool];
  return tool === null || ecosystem === undefined ? null : { tool, ecosystem };
}

/** What a step or command was for, by its words; null where they do not tell. */
export function workOf(words: string | null): Category | null {
  return words === null ? null : (WORK.find(([pattern]) => pattern.test(words))?.[1] ?? null);
}
