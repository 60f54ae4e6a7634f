import type { Facts } from '../../domain/diagnosis.ts';
import { runnerOf } from './runners.ts';
import type { NamedTest } from './test-name.ts';

/** All that a command needs to know. */
interface Rerun {
  readonly named: NamedTest;
  readonly facts: Facts;
  readonly names: number;
}

/** Where a shell reads something else into it, or a tool a pattern, a name is no part of a command. */
const UNSAFE_NAME = /["`$\\!\n\r]/u;
const SAFE_FILE = /^[\w@./+-]{1,200}$/u;
const SAFE_WORD = /^[\w.:/-]{1,150}$/u;

/** The command that runs the first failing test alone, for tools where it is certain; null elsewhere. */
export function rerunCommand(named: NamedTest, facts: Facts, names: number): string | null {
  if (UNSAFE_NAME.test(named.own) || named.own.length > 150) return null;
  const write = COMMANDS[runnerOf(facts)?.key ?? ''];
  return write?.({ named, facts, names }) ?? null;
}

function fileOf({ test: { file } }: NamedTest): string | null {
  return file !== null && SAFE_FILE.test(file) ? file : null;
}

/** A name for a tool that reads it as a regular expression. */
function escaped(name: string): string | null {
  return /[\^*+?|{}]/u.test(name) ? null : name.replaceAll(/[()[\].]/gu, '.');
}

const COMMANDS: Readonly<Record<string, (rerun: Rerun) => string | null>> = {
  pytest: ({ named }) => pytest(named),
  unittest: ({ named }) => unittest(named),
  'go test': ({ named }) => goTest(named),
  'cargo test': ({ named: { test } }) => (SAFE_WORD.test(test.name) ? `cargo test ${test.name}` : null),
  jest: ({ named, names }) => jest(named, names),
  vitest: ({ named, names }) => {
    const file = fileOf(named);
    if (file === null) return null;
    return names > 1 ? `npx vitest run ${file}` : `npx vitest run ${file} -t "${named.own.split(' > ').join(' ')}"`;
  },
  mocha: ({ named }) => {
    const name = escaped(named.full);
    return name === null ? null : `npx mocha -g "${name}"`;
  },
  'node:test': ({ named }) => {
    const name = escaped(named.own);
    return name === null ? null : `node --test --test-name-pattern="${name}" ${fileOf(named) ?? ''}`.trim();
  },
  playwright: ({ named }) => {
    const file = fileOf(named);
    return file === null ? null : `npx playwright test ${file}${named.test.line === null ? '' : `:${named.test.line}`}`;
  },
  bazel: ({ named: { test } }) =>
    /^(?:@[\w.-]{0,60})?\/\/[\w./-]{0,150}:[\w.-]{1,100}$/u.test(test.name)
      ? `bazel test ${test.name} --test_output=errors`
      : null,
  bun: ({ named }) => {
    const name = escaped(named.own);
    return name === null ? null : `bun test -t "${name}"`;
  },
  deno: ({ named }) => `deno test --filter "${named.own}" ${fileOf(named) ?? ''}`.trim(),
  flutter: ({ named }) => `flutter test --plain-name "${named.own}" ${fileOf(named) ?? ''}`.trim(),
  'swift test': ({ named: { suite, own } }) =>
    suite !== null && SAFE_WORD.test(suite) && SAFE_WORD.test(own) ? `swift test --filter ${suite}/${own}` : null,
  maven: ({ named, facts }) => maven(named, facts),
  gradle: ({ named, facts }) => gradle(named, facts),
  rspec: ({ named: { test } }) =>
    test.file === null || !SAFE_FILE.test(test.file)
      ? null
      : `bundle exec rspec ${test.file}${test.line === null ? '' : `:${test.line}`}`,
  cucumber: ({ named: { test } }) =>
    test.file === null || !SAFE_FILE.test(test.file)
      ? null
      : `bundle exec cucumber ${test.file}${test.line === null ? '' : `:${test.line}`}`,
  minitest: ({ named }) => {
    const file = fileOf(named);
    if (file === null) return null;
    return `bundle exec ruby -Itest ${file}${SAFE_WORD.test(named.own) ? ` -n ${named.own}` : ''}`;
  },
  phpunit: ({ named }) => {
    const name = named.own.split(' with data set ')[0] ?? '';
    return SAFE_WORD.test(name) ? `vendor/bin/phpunit --filter ${name}` : null;
  },
  'run-tests.php': ({ named }) => {
    const file = fileOf(named);
    return file === null ? null : `make test TESTS=${file}`;
  },
  'dotnet test': ({ named }) => dotnet(named),
  xunit: ({ named }) => dotnet(named),
  nunit: ({ named }) => dotnet(named),
  exunit: ({ named }) => {
    const file = fileOf(named);
    if (file === null)
      return `mix test --only "test:${named.test.name.startsWith('test ') ? 'test ' : ''}${named.own}"`;
    return `mix test ${file}${named.test.line === null ? '' : `:${named.test.line}`}`;
  },
  googletest: ({ named: { full } }) =>
    /^(?:\w{1,60}\/)?[A-Z]\w{1,100}\.\w{1,100}(?:\/\w{1,40})?$/u.test(full)
      ? `TEST_PROGRAM --gtest_filter=${full}`
      : null,
  ctest: ({ named: { own } }) => (SAFE_WORD.test(own) ? `ctest --output-on-failure -R ${own}` : null),
  scalatest: ({ named }) => sbt(named),
  sbt: ({ named }) => sbt(named),
  xcodebuild: ({ named: { test } }) => {
    const path = /^(?:-\[)?(?<target>\w{1,80})\.(?<suite>\w{1,120}) (?<own>\w{1,150})\]?$/u.exec(test.name)?.groups;
    if (path === undefined) return null;
    return `xcodebuild test -only-testing:${path['target'] ?? ''}/${path['suite'] ?? ''}/${path['own'] ?? ''}`;
  },
  prove: ({ named: { test } }) => (/^[\w./-]{1,200}\.t$/u.test(test.name) ? `prove -lv ${test.name}` : null),
};

function pytest({ own, suite, test }: NamedTest): string | null {
  if (/^[\w./-]{1,200}\.py(?:::[\w:[\]-]{1,200})?$/u.test(test.name))
    return `pytest ${test.name.includes('[') ? `"${test.name}"` : test.name}`;
  const bare = own.split('[')[0] ?? own;
  if (!/^\w{1,150}$/u.test(bare)) return null;
  if (test.file === null || !/^[\w./-]{1,200}\.py$/u.test(test.file)) return `pytest -k ${bare}`;
  const name = suite === null ? own : `${suite}::${own}`;
  return /^[\w.:/[\], -]{1,200}$/u.test(name) ? `pytest "${test.file}::${name}"` : `pytest ${test.file} -k ${bare}`;
}

function unittest({ own, test: { name } }: NamedTest): string | null {
  const path =
    /\((?<path>[\w.]{3,200})\)/u.exec(name)?.groups?.['path'] ?? (/^[\w.]{3,200}$/u.test(name) ? name : null);
  if (path === null || !/^\w{1,150}$/u.test(own)) return null;
  return `python -m unittest ${path.endsWith(`.${own}`) || path === own ? path : `${path}.${own}`}`;
}

function goTest({ test: { name, file } }: NamedTest): string | null {
  if (!/^[\w/.:,=#@-]{1,200}$/u.test(name)) return null;
  const parts = name.split('/').map((part) => `^${part}$`);
  const folder =
    file !== null && file.includes('/') && SAFE_FILE.test(file) ? `./${file.slice(0, file.lastIndexOf('/'))}` : './...';
  return `go test -run '${parts.join('/')}' ${folder}`;
}

function jest(named: NamedTest, names: number): string | null {
  const file = fileOf(named);
  const name = escaped(named.test.name.split(' › ').join(' '));
  if (file !== null && (names > 1 || name === null)) return `npx jest ${file}`;
  if (name === null) return null;
  return `npx jest ${file === null ? '' : `${file} `}-t "${name}"`;
}

function maven({ suite, own, test }: NamedTest, { failedCommand }: Facts): string | null {
  const method = (own.split(/[([:]/u)[0] ?? '').trim();
  if (suite === null || !/^[\w$]{1,120}$/u.test(suite)) return null;
  const name = /^\w{1,120}$/u.test(method) && method !== suite ? `${suite}#${method}` : suite;
  const program = failedCommand?.includes('./mvnw') === true ? './mvnw' : 'mvn';
  const module = moduleOf(test.file);
  return `${program} ${module === null ? '' : `-pl ${module} `}-Dtest=${name} test`;
}

function moduleOf(file: string | null): string | null {
  return /^(?<module>[\w./-]{1,120}?)\/src\/test\//u.exec(file ?? '')?.groups?.['module'] ?? null;
}

function gradle({ suite, own, test }: NamedTest, { failedCommand }: Facts): string | null {
  const method = (own.split(/[([ ]/u)[0] ?? '').trim();
  if (suite === null || !/^[\w$]{1,120}$/u.test(suite)) return null;
  const name =
    /^\w{1,120}$/u.test(method) && own.startsWith(method) && !own.includes(' ') ? `${suite}.${method}` : suite;
  const program =
    failedCommand?.includes('gradlew') === false && failedCommand.includes('gradle ') ? 'gradle' : './gradlew';
  const module = moduleOf(test.file);
  return `${program} ${module === null ? '' : `:${module.replaceAll('/', ':')}:`}test --tests "*${name}"`;
}

/** ScalaTest names its tests in words; the file has the name of the suite. */
function sbt({ suite, test: { file } }: NamedTest): string | null {
  const name = suite ?? /(?<suite>\w{1,120})\.scala$/u.exec(file ?? '')?.groups?.['suite'] ?? null;
  return name === null || !SAFE_WORD.test(name) ? null : `sbt "testOnly *${name}"`;
}

function dotnet({ suite, own }: NamedTest): string | null {
  const method = own.split('(')[0] ?? own;
  if (!/^\w{1,150}$/u.test(method)) return null;
  return `dotnet test --filter "FullyQualifiedName~${suite === null ? '' : `${suite}.`}${method}"`;
}
