import { expect, test } from '@jest/globals';
import { findFaults } from '../../src/github/workflow-faults.ts';
import { findJob, readWorkflow, type Workflow } from '../../src/github/workflow-text.ts';
import { composeYaml } from '../../src/github/yaml-text.ts';

const TEXT = `name: CI
on: [push]
jobs:
  test:
    runs-on: \${{ matrix.os }}
    timeout-minutes: 20
    strategy:
      matrix: { os: [ubuntu-latest, windows-latest] }
    steps:
      - uses: actions/checkout@v5
      - run: npm ci
      - name: Prepare
        run: |
          npm ci
          npm run prepare
      - run: |
          npm ci
          npm test
  lint:
    name: Look at the code
    runs-on: ubuntu-latest
    steps: [{ run: npm run lint }]
  shards:
    name: Shard \${{ matrix.shard }} of the tests
    strategy: { matrix: { shard: [1, 2] } }
    runs-on: ubuntu-latest
    steps:
      - name: Run shard \${{ matrix.shard }}
        run: npm test
  ship:
    name: Ship it
    needs: [test]
    uses: ./.github/workflows/ship.yml
    with: { to: production }
`;

function read(text: string): Workflow {
  const workflow = readWorkflow(text);
  if ('reason' in workflow) throw new Error(workflow.reason);
  return workflow;
}

const steps = (...names: string[]) =>
  names.map((name) => ({ name: name.replace(/^!/u, ''), hasFailed: name.startsWith('!') }));
const find = (name: string, ...names: string[]) => findJob(read(TEXT), { name, steps: steps(...names) });

test.each([
  ['test (ubuntu-latest)', 'test'],
  ['Look at the code', 'lint'],
  ['Shard 2 of the tests', 'shards'],
  ['Ship it / deploy', 'ship'],
  ['Ship it', 'ship'],
])('a job that GitHub calls "%s" is found as %s', (name, key) => {
  expect(find(name)?.key).toBe(key);
});

test.each(['lint', 'Look at the code (ubuntu)', 'Shard', 'ship / deploy', '', 'toString', 'nobody / Ship it'])(
  'a job that GitHub calls "%s" is none of the file',
  (name) => expect(find(name)).toBeNull(),
);

test('a step is found by its name, its command, or its action, and of several the one in its place', () => {
  const rows = (...names: string[]) => find('test (ubuntu-latest)', 'Set up job', ...names)?.step?.rows;

  expect(rows('Run actions/checkout@v5', 'Run npm ci', '!Prepare')).toEqual({ from: 12, to: 15 });
  expect(rows('Run actions/checkout@v5', '!Run npm ci')).toEqual({ from: 11, to: 11 });
  expect(rows('Run actions/checkout@v5', 'Run npm ci', 'Prepare', '!Run npm ci')).toEqual({ from: 16, to: 18 });
  expect(rows('!Post Run actions/checkout@v5')).toEqual({ from: 10, to: 10 });
  expect(find('Shard 1 of the tests', '!Run shard 1')?.step?.rows.from).toBe(28);
  expect(find('test (ubuntu-latest)', '!Set up job')?.step).toBeNull();
});

test('a job of a workflow that is called is known by the name that it has there', () => {
  expect(find('Ship it / build / compile', '!Run make')?.call).toEqual({
    uses: './.github/workflows/ship.yml',
    job: { name: 'build / compile', steps: steps('!Run make') },
  });
});

test('where several jobs may be meant, none is', () => {
  const text =
    'on: push\njobs:\n  a: { name: "${{ matrix.x }}", runs-on: x }\n  b: { name: "${{ matrix.y }}", runs-on: x }';

  expect(findJob(read(text), { name: 'anything', steps: [] })).toBeNull();
});

test('what an alias stands for is read, and one that leads to itself ends nothing', () => {
  const text =
    'on: push\njobs:\n  a: &one { name: First, runs-on: x, steps: [{ run: make }] }\n  b: *one\n  c: &loop [*loop]';

  expect(findJob(read(text), { name: 'First', steps: [] })).toBeNull();
  expect(
    findJob(read(text.replace('  b: *one\n', '')), { name: 'First', steps: steps('!Run make') })?.step?.rows,
  ).toEqual({
    from: 3,
    to: 3,
  });
});

const faults = (text: string) => {
  const workflow = readWorkflow(text);
  return 'reason' in workflow ? [workflow] : findFaults(workflow);
};

test.each([
  ['on: push\njobs:\n  a:\n   steps: [{ run: make }]', 3, 'job "a" has neither "runs-on" nor "uses"'],
  ['on: push\njobs:\n  a: { runs-on: x, uses: ./y.yml, steps: [] }', 3, 'job "a" has both "runs-on" and "uses"'],
  ['on: push\njobs:\n  a:\n    runs_on: x\n    steps: [{ run: make }]', 4, '"runs_on" may have to be "runs-on"'],
  ['on: push\njobs:\n  a: { runs-on: x }', 3, 'job "a" has no steps'],
  ['on: push\njobs:\n  a: { needs: b, runs-on: x, steps: [{ run: y }] }', 3, 'job "a" needs "b", which is no job here'],
  [
    'on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - name: Nothing',
    6,
    'a step of job "a" has neither "run" nor "uses"',
  ],
  [
    'on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: a\n        uses: b',
    6,
    'a step of job "a" has both "run" and "uses"',
  ],
  ['on: push\njobs:\n  a:', 3, 'job "a" says nothing of what it does'],
  ['jobs:\n  a: { runs-on: x, steps: [{ run: y }] }', 1, 'it does not say on what it runs ("on")'],
  ['on: push', 1, 'it names no jobs'],
  ['just words', 1, 'it holds no workflow'],
])('%j cannot start: line %d', (text, line, message) => {
  expect(faults(text)[0]).toEqual({ line, message });
});

test('a workflow that can start has no faults', () => {
  expect(faults(TEXT)).toEqual([]);
});

test('what is no YAML is told with its line', () => {
  expect(faults('on: push\njobs:\n  a: [')[0]).toMatchObject({
    line: 3,
    reason: expect.stringContaining('it is not valid YAML'),
  });
  expect(faults('on: push\njobs:\n  a: b: c')[0]).toMatchObject({ line: 3 });
  expect(faults('a: 1\n---\nb: 2')[0]).toMatchObject({ reason: 'it is not one document of YAML' });
  expect(faults('')[0]).toMatchObject({ line: 1 });
});

test.each([
  ['brackets', '['.repeat(50_000)],
  ['aliases of aliases', `a: &a [x]\n${Array.from({ length: 30 }, (_, at) => `b${at}: &b${at} [*a, *a]`).join('\n')}`],
  ['a name of nothing but expressions', `on: x\njobs:\n  a: { name: "${'${{ x }}a'.repeat(5_000)}", runs-on: y }`],
  ['a merge of itself', 'a: &a\n  <<: *a\njobs:\n  b: { <<: *a }'],
])('%s end nothing', (_what, text) => {
  const workflow = readWorkflow(text);
  if (!('reason' in workflow)) findJob(workflow, { name: 'a'.repeat(250), steps: steps('!Run x') });
  expect(() => faults(text)).not.toThrow();
});

test('brackets without end are refused before anything is parsed', () => {
  const [brackets, braces] = ['['.repeat(50_000), 'a: {'.repeat(50_000)];
  // What is parsed is refused where it is too deep, which is much earlier.
  expect(composeYaml(brackets, { depth: 50 })).toMatchObject({ kind: 'deep', at: 1_000 });
  expect(composeYaml(braces, { depth: 50 })).toMatchObject({ kind: 'deep', at: 4_003 });
  expect(composeYaml('['.repeat(900), { depth: 50 })).toMatchObject({ kind: 'deep', at: 49 });
  expect(composeYaml(`a: [${'[],{},'.repeat(5_000)}]`, { depth: 50 })).toMatchObject({ kind: 'composed' });
});
