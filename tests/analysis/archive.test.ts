import { describe, expect, test } from '@jest/globals';
import { digestArchive, readLayout } from '../../src/analysis/archive.ts';
import type { ArchiveEntry } from '../../src/analysis/joined.ts';
import { FAILING_LINT, FAILING_TEST, jobFiles, PASSING, stamped } from '../support/archives.ts';
import { bytes, redactor } from './support.ts';

function entries(files: Readonly<Record<string, string>>): ArchiveEntry[] {
  return Object.entries(files).map(([name, text]) => ({ name, open: () => bytes(text, 50) }));
}

function layout(...names: string[]): string[] {
  return readLayout(entries(Object.fromEntries(names.map((name) => [name, ''])))).map(
    ({ name, log, steps }) =>
      `${name}: ${log?.name ?? '-'} ${steps.map((step) => `${step.number}=${step.name}`).join(', ')}`,
  );
}

const digestOf = (files: Readonly<Record<string, string>>) => digestArchive(readLayout(entries(files)), { redactor });

describe('what the files of an archive are', () => {
  test('whole logs are jobs in their order, files in folders are steps by number', () => {
    expect(
      layout('1_lint.txt', '0_test (22).txt', 'test (22)/10_Complete job.txt', 'test (22)/2_Run npm test.txt'),
    ).toEqual(['test (22): 0_test (22).txt 2=Run npm test, 10=Complete job', 'lint: 1_lint.txt ']);
  });

  test('a job may have only steps, or only what the service said before it had a runner', () => {
    expect(layout('build/1_Set up job.txt', 'build/system.txt', 'waiting/system.txt')).toEqual([
      'build: - 1=Set up job',
      'waiting: waiting/system.txt ',
    ]);
  });

  test('the log of a job that went on while it was packed is not read twice', () => {
    expect(layout('-9999999999_build.txt', '0_build.txt', '-9999999999_lint.txt')).toEqual([
      'lint: -9999999999_lint.txt ',
      'build: 0_build.txt ',
    ]);
  });

  test('texts of any name count where nothing else does, and other files never', () => {
    expect(layout('logs/nightly.log', 'a.txt', 'b.png')).toEqual(['nightly: logs/nightly.log ', 'a: a.txt ']);
    expect(layout('a.txt', '0_build.txt')).toEqual(['build: 0_build.txt ']);
    expect(layout('b.png')).toEqual([]);
  });
});

describe('the logs of an archive', () => {
  const tests = jobFiles(0, 'test', { step: 'Run npm test', lines: FAILING_TEST });
  const whole = tests['0_test.txt'] ?? '';
  const onlySteps = Object.fromEntries(Object.entries(tests).filter(([name]) => name !== '0_test.txt'));

  test.each([
    ['a whole log with steps beside it', tests],
    ['steps alone', onlySteps],
  ])('%s: each line has its step, and its line within it', async (_, files) => {
    const { digests } = await digestOf(files);

    expect(digests[0]?.evidence.find(({ text }) => text.includes('applies the discount'))).toMatchObject({
      line: 12,
      step: 4,
      stepLine: 5,
      stepName: 'Run npm test',
    });
    expect(digests[0]?.facts.failedStep).toBe('Run npm test');
  });

  test('steps without an end of line are joined like others', async () => {
    const { digests } = await digestOf({
      'test/1_Set up job.txt': '\ufeffready',
      'test/2_Empty.txt': '\ufeff',
      'test/3_Run it.txt': '\ufeffError: it broke\n##[error]Process completed with exit code 1.',
    });

    expect(digests[0]?.size.lines).toBe(3);
    expect(digests[0]?.evidence[0]).toMatchObject({ line: 2, step: 3, stepLine: 1, text: 'Error: it broke' });
  });

  test('steps that do not add up to the log are not trusted', async () => {
    const { digests } = await digestOf({ ...tests, 'test/2_Run actions_checkout@v4.txt': stamped(['one line']) });

    expect(digests[0]?.evidence.find(({ text }) => text.includes('applies the discount'))).toMatchObject({
      line: 12,
      step: null,
      stepLine: null,
      stepName: 'Run npm test',
    });
  });

  test('a step that may fail is not the failed step: the job went on after it', async () => {
    const { digests } = await digestOf({
      'build/1_Set up job.txt': 'ready\n',
      'build/2_Run a linter that may fail.txt':
        'src/pay.js:3:7: error: unused\n##[error]Process completed with exit code 1.\n',
      'build/3_Run npm test.txt': FAILING_TEST.join('\n'),
      'build/9_Complete job.txt': 'done\n',
    });

    expect(digests[0]?.facts.failedStep).toBe('Run npm test');
  });

  test('only jobs in which an error was marked count as failed, and those of one cause keep one excerpt', async () => {
    const { digests, totalJobs, size } = await digestOf({
      ...jobFiles(0, 'docs', { step: 'Run npm run docs', lines: ['error: a word in passing', ...PASSING] }),
      ...jobFiles(1, 'lint', { step: 'Run npm run lint', lines: FAILING_LINT }),
      '2_test (22).txt': whole,
      '3_test (24).txt': whole,
    });

    expect(digests.map(({ job }) => job?.name)).toEqual(['lint', 'test (22)', 'test (24)']);
    expect(digests[1]?.excerpt.length).toBeGreaterThan(digests[2]?.excerpt.length ?? 0);
    expect({ totalJobs, lines: size.lines }).toEqual({ totalJobs: 4, lines: 15 + 15 + 20 + 20 });
  });

  test('where no error was marked, the jobs that say something are told', async () => {
    const { digests } = await digestOf({ '0_a.txt': 'all is well\n', '1_b.txt': 'Error: it broke\n' });

    expect(digests.map(({ job }) => job?.name)).toEqual(['b']);
  });
});
