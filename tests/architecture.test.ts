import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { globSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** Folder of src → folders of src it may import. `errors` is open to all; the roots of src may import everything. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  domain: ['domain'],
  messages: ['messages', 'domain'],
  analysis: ['analysis', 'domain'],
  auth: ['auth', 'domain'],
  notify: ['notify', 'domain', 'messages'],
  pipeline: ['pipeline', 'domain', 'analysis', 'notify'],
  slack: ['slack', 'domain', 'messages', 'analysis', 'auth', 'notify', 'pipeline'],
  http: ['http', 'domain', 'auth', 'notify', 'pipeline'],
  ingest: ['ingest', 'domain', 'auth'],
  cli: ['cli', 'domain', 'analysis'],
  github: ['github', 'domain', 'pipeline'],
  db: ['db', 'domain'],
  queue: ['queue', 'domain'],
  llm: ['llm', 'domain'],
  threads: ['threads', 'domain', 'analysis'],
  sandbox: ['sandbox'],
  'config.ts': ['domain', 'config-ingest.ts', 'config-models.ts', 'config-values.ts'],
  'config-ingest.ts': ['config-values.ts'],
  'config-models.ts': ['domain', 'config-values.ts'],
  'config-values.ts': ['domain'],
  'logger.ts': ['domain'],
  'metrics.ts': ['domain'],
  'processes.ts': [],
  'errors.ts': [],
};
const OPEN_TO_ALL = 'errors.ts';
const ROOTS = ['app.ts', 'assembly.ts', 'ingest-app.ts', 'main.ts', 'maintenance.ts', 'setup.ts', 'summarize.ts'];

/** Packages the core may use; everything else that talks to the outside stays in adapters. */
const CORE_PACKAGES: Record<string, readonly RegExp[]> = {
  domain: [/^zod$/u, /^luxon$/u, /^@slack\/types$/u],
  messages: [/^@slack\/types$/u],
  analysis: [/^zod$/u, /^@secretlint\//u],
  auth: [/^zod$/u, /^jsonwebtoken$/u],
  notify: [],
  pipeline: [/^zod$/u],
};
const CORE_BUILTINS = [
  'node:crypto',
  'node:events',
  'node:stream',
  'node:string_decoder',
  'node:timers',
  'node:timers/promises',
  'node:util',
];

const sourceFiles = globSync('src/**/*.ts', { cwd: root }).sort();

function imports(file: string): string[] {
  const source = readFileSync(path.join(root, file), 'utf8');
  const statement =
    /(?:^|\n)\s*(?:import|export)\s[^;]*?from\s+'([^']+)'|(?:^|\n)\s*import\s+'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/gu;
  return [...source.matchAll(statement)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
}

function folderOf(file: string): string {
  return path.relative('src', file).split(path.sep)[0] ?? '';
}

const ruled = sourceFiles.filter((file) => !ROOTS.includes(folderOf(file)));

describe('the import rule', () => {
  test.each(ruled)('%s imports only what its folder may', (file) => {
    const allowed = MAY_IMPORT[folderOf(file)];
    expect(allowed).toBeDefined();
    const targets = imports(file)
      .filter((target) => target.startsWith('.'))
      .map((target) => folderOf(path.normalize(path.join(path.dirname(file), target))))
      .filter((folder) => folder !== OPEN_TO_ALL && folder !== folderOf(file));
    for (const target of targets) expect(allowed).toContain(target);
  });

  test.each(ruled.filter((file) => folderOf(file) in CORE_PACKAGES))(
    '%s is core and reaches no network, disk or database',
    (file) => {
      for (const target of imports(file).filter((name) => !name.startsWith('.'))) {
        const fine = CORE_BUILTINS.includes(target) || CORE_PACKAGES[folderOf(file)]?.some((name) => name.test(target));
        expect({ target, fine }).toEqual({ target, fine: true });
      }
    },
  );

  test('only the roots import the configuration, the logger, the metrics and the process table', () => {
    const reserved = [
      'config.ts',
      'config-ingest.ts',
      'config-models.ts',
      'config-values.ts',
      'logger.ts',
      'metrics.ts',
      'processes.ts',
    ];
    const offenders = ruled
      .filter((file) => !folderOf(file).startsWith('config'))
      .filter((file) => imports(file).some((target) => reserved.some((name) => target.endsWith(`/${name}`))));
    expect(offenders).toEqual([]);
  });

  test('production code never imports the sandbox, except for the demo verb', () => {
    const offenders = sourceFiles.filter(
      (file) => folderOf(file) !== 'sandbox' && imports(file).some((target) => target.includes('/sandbox/')),
    );
    expect(offenders).toEqual(['src/main.ts']);
  });
});

describe('the house style', () => {
  test.each(sourceFiles)('%s stays within 300 lines', (file) => {
    expect(readFileSync(path.join(root, file), 'utf8').split('\n').length).toBeLessThanOrEqual(301);
  });

  test('every import within src ends in .ts and exists', () => {
    const broken = sourceFiles.flatMap((file) =>
      imports(file)
        .filter((target) => target.startsWith('.'))
        .filter((target) => !target.endsWith('.ts') || !existsSync(path.join(root, path.dirname(file), target)))
        .map((target) => `${file}: ${target}`),
    );
    expect(broken).toEqual([]);
  });

  test('process.env is read in main.ts only', () => {
    const offenders = sourceFiles.filter((file) => readFileSync(path.join(root, file), 'utf8').includes('process.env'));
    expect(offenders.filter((file) => file !== 'src/main.ts')).toEqual([]);
  });
});
