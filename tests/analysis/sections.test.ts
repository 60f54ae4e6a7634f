import { describe, expect, test } from '@jest/globals';
import { cleanText } from '../../src/analysis/clean.ts';
import { bytes, digest, linesOf } from './support.ts';

const ESCAPE = '\u001b';
const ERASE = `${ESCAPE}[0K`;

/** Step, group and text of the evidence. */
async function evidenceOf(log: string): Promise<string[]> {
  const { evidence } = await digest(log);
  return evidence.map(({ line, stepName, group, text }) => `${line} ${stepName ?? '-'} > ${group ?? '-'}: ${text}`);
}

describe('the marks of CI systems tell the step and the group of a line', () => {
  test('Travis: folds are phases, and what is timed outside of them is the script', async () => {
    const log = [
      `travis_fold:start:git.checkout\r${ERASE}travis_time:start:0a1b\r${ERASE}$ git clone shop`,
      `travis_fold:end:git.checkout\r${ERASE}`,
      `travis_fold:start:install\r${ERASE}travis_time:start:0a1c\r${ERASE}$ npm ci`,
      `${ESCAPE}[31;1mnpm ERR! missing script: prepare${ESCAPE}[0m`,
      `travis_time:end:0a1c:start=1,finish=2,duration=1\r${ERASE}travis_fold:end:install\r${ERASE}`,
      `travis_time:start:0a1d\r${ERASE}$ make test`,
      `travis_fold:start:units\r${ERASE}`,
      'AssertionError: expected 2 to equal 3',
      `travis_fold:end:units\r${ERASE}`,
      `travis_time:end:0a1d:start=1,finish=2,duration=1\r${ERASE}`,
      `${ESCAPE}[31;1mThe command "make test" exited with 2.${ESCAPE}[0m`,
    ].join('\n');
    const { evidence, excerpt, facts } = await digest(log);

    expect(excerpt.find(({ text }) => text.startsWith('npm ERR!'))?.stepName).toBe('install');
    expect(evidence).toContainEqual(
      expect.objectContaining({
        line: 8,
        stepName: 'script',
        group: 'units',
        text: 'AssertionError: expected 2 to equal 3',
      }),
    );
    expect(facts).toMatchObject({ failedStep: 'script', failedCommand: 'make test', exitCode: 2 });
    expect(excerpt.map(({ text }) => text).join('\n')).not.toContain('travis_');
  });

  test('Travis: the phase in which a command failed is the failed step', async () => {
    const log = 'Error: no such package\nThe command "npm ci" failed and exited with 1 during install.\n';

    expect((await digest(log)).facts.failedStep).toBe('install');
  });

  test('GitLab: sections are steps, those within are groups', async () => {
    const log = [
      `section_start:1700000000:prepare_executor\r${ERASE}Preparing the "docker" executor`,
      `section_end:1700000001:prepare_executor\r${ERASE}section_start:1700000001:step_script\r${ERASE}Executing`,
      `section_start:1700000002:unit_tests[collapsed=true]\r${ERASE}Unit tests`,
      'AssertionError: expected 2 to equal 3',
      `section_end:1700000003:unit_tests\r${ERASE}`,
      `section_end:1700000004:step_script\r${ERASE}`,
      'ERROR: Job failed: exit code 1',
    ].join('\n');

    expect(await evidenceOf(log)).toContain('4 script > unit_tests: AssertionError: expected 2 to equal 3');
    expect((await digest(log)).facts.failedStep).toBe('script');
  });

  test('GitLab: time stamps with the stream go, also of lines that go on', async () => {
    const log = [
      `2024-05-01T10:00:00.000001Z 00O section_start:1700000001:step_script\r${ERASE}Executing`,
      '2024-05-01T10:00:01.000001Z 01E AssertionError: expected 2 to equal 3',
      '2024-05-01T10:00:02.000001Z 00O+ and so on',
      '2024-05-01T10:00:02.000001Z 00O',
    ].join('\n');

    expect(await evidenceOf(log)).toContain('2 script > -: AssertionError: expected 2 to equal 3');
    expect((await linesOf(bytes(log))).slice(-2).map(({ text }) => text)).toEqual([' and so on', '']);
  });

  test('Azure: sections are steps', async () => {
    const log = [
      '2024-05-01T10:00:00.0000001Z ##[section]Starting: Unit tests',
      '2024-05-01T10:00:01.0000001Z AssertionError: expected 2 to equal 3',
      '2024-05-01T10:00:02.0000001Z ##[error]Bash exited with code "1".',
      '2024-05-01T10:00:03.0000001Z ##[section]Finishing: Unit tests',
    ].join('\n');

    expect(await evidenceOf(log)).toContain('2 Unit tests > -: AssertionError: expected 2 to equal 3');
  });

  test('Jenkins: stages are steps, also where they stand within each other', async () => {
    const log = [
      '[Pipeline] node',
      '[Pipeline] {',
      '[Pipeline] stage',
      '[Pipeline] { (Checks)',
      '[Pipeline] stage',
      '[2024-05-01T10:00:00.000Z] [Pipeline] { (Unit tests)',
      '[Pipeline] sh',
      'AssertionError: expected 2 to equal 3',
      '[Pipeline] }',
      '[Pipeline] // stage',
      'error: the report is missing',
      '[Pipeline] }',
    ].join('\n');
    const evidence = await evidenceOf(log);

    expect(evidence).toContain('8 Unit tests > -: AssertionError: expected 2 to equal 3');
    const { excerpt } = await digest(log);
    expect(excerpt.find(({ line }) => line === 11)?.stepName).toBe('Checks');
  });

  test('Zuul: playbooks are steps and tasks are groups', async () => {
    const at = '2024-05-01 10:00:00.000001 | ';
    const log = [
      `${at}RUN START: [untrusted : opendev.org/shop/shop/playbooks/unit.yaml@master]`,
      `${at}TASK [tox : Run tox]`,
      `${at}ubuntu | AssertionError: expected 2 to equal 3`,
      `${at}RUN END RESULT_NORMAL: [untrusted : opendev.org/shop/shop/playbooks/unit.yaml@master]`,
    ].join('\n');

    expect(await evidenceOf(log)).toContain(
      '3 run unit.yaml > tox : Run tox: ubuntu | AssertionError: expected 2 to equal 3',
    );
  });

  test('Taskcluster and the gh command say with each line who speaks', async () => {
    const log = [
      '[taskcluster 2024-05-01T10:00:00.001Z] === Task Starting ===',
      '[task 2024-05-01T10:00:01.001Z] AssertionError: expected 2 to equal 3',
    ].join('\n');
    const gh = 'build\tRun the tests\t2024-05-01T10:00:01.0010001Z AssertionError: expected 2 to equal 3\n';
    const unknown = gh.replace('Run the tests', 'UNKNOWN STEP');

    expect(await evidenceOf(log)).toContain('2 task > -: AssertionError: expected 2 to equal 3');
    expect(await evidenceOf(gh)).toEqual(['1 Run the tests > -: AssertionError: expected 2 to equal 3']);
    expect(await evidenceOf(unknown)).toEqual(['1 - > -: AssertionError: expected 2 to equal 3']);
  });

  test('Buildkite: headers are steps, and the head of a diff is none', async () => {
    const mark = `${ESCAPE}_bk;t=1700000000000\u0007`;
    const log = [
      `${mark}~~~ Preparing working directory`,
      `${mark}--- ${ESCAPE}[33mUnit tests${ESCAPE}[0m`,
      `${mark}--- a/src/cart.ts`,
      `${mark}+++ b/src/cart.ts`,
      `${mark}AssertionError: expected 2 to equal 3`,
    ].join('\n');

    expect(await evidenceOf(log)).toContain('5 Unit tests > -: AssertionError: expected 2 to equal 3');
    const { excerpt } = await digest('--- Unit tests\nAssertionError: expected 2 to equal 3\n');
    expect(excerpt.map(({ stepName }) => stepName)).toEqual(excerpt.map(() => undefined));
  });

  test('GitHub: what was run is the step, and groups stand within it', async () => {
    const log = [
      '##[group]Run npm test',
      'npm test',
      '##[endgroup]',
      '##[group]test/cart.test.ts',
      'AssertionError: expected 2 to equal 3',
      '##[endgroup]',
      '##[error]Process completed with exit code 1.',
    ].join('\n');

    expect(await evidenceOf(log)).toContain(
      '5 Run npm test > test/cart.test.ts: AssertionError: expected 2 to equal 3',
    );
  });

  test('a log full of marks costs no more than others, and keeps its lines', async () => {
    const log = `${Array.from({ length: 20_000 }, (_, at) => `section_start:17:s${at}\r`).join('\n')}\nError: it broke\n`;

    expect((await digest(log)).evidence.map(({ text }) => text)).toEqual(['Error: it broke']);
  });

  test('a name that holds a secret is redacted like a line', async () => {
    const token = ['gh', 'p_', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'].join('');
    const { evidence } = await digest(`##[group]Run deploy ${token}\n##[endgroup]\nError: it broke\n`);

    expect(evidence[0]?.stepName).toMatch(/^Run deploy \[redacted:github-token:/u);
  });
});

test('a control string that ends in a bell takes nothing of the line with it', () => {
  expect(cleanText(`${ESCAPE}_bk;t=1700000000000\u0007the whole line`).text).toBe('the whole line');
});
