import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { createRedactor } from '../src/analysis/redact.ts';
import { AppError, LogUnavailableError } from '../src/errors.ts';
import { createLogger, gatherLines, REDACTED_KEYS } from '../src/logger.ts';

function capture() {
  const stream = new PassThrough();
  const log = createLogger({ level: 'debug', version: '1.2.3', redact: createRedactor({ salt: 's' }).text, stream });
  const text = (): string => String(stream.read() ?? '');
  return {
    log,
    text,
    records: () =>
      text()
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
  };
}

const keyKind = ['PRIVATE', 'KEY'].join(' ');
const secrets = {
  slack: ['xoxb', '1234567890', 'abcdefghijkl'].join('-'),
  github: `ghs_${'Ab1.-_'.repeat(80)}`,
  model: `sk-ant-${'a1b2c3'.repeat(6)}`,
  url: `postgres://cortex:${'hunter'.repeat(2)}@db/cortex`,
  bearer: `Bearer ${'abc123'.repeat(5)}`,
  pem: [`-----BEGIN ${keyKind}-----`, 'QUJD'.repeat(30), `-----END ${keyKind}-----`].join('\n'),
};

describe('the logger', () => {
  test('writes one JSON record with the sentence, the fields and the version', () => {
    const { log, records } = capture();

    log.child({ jobId: 'j1' }).warn({ retryInMs: 500 }, 'Job failed, will retry');

    expect(records()).toEqual([
      expect.objectContaining({
        level: 'warn',
        message: 'Job failed, will retry',
        jobId: 'j1',
        retryInMs: 500,
        version: '1.2.3',
      }),
    ]);
  });

  test.each(REDACTED_KEYS)('the value of a field named %s never appears', (name) => {
    const { log, text } = capture();

    log.info({ [name]: 'planted-value', nested: { deep: [{ [name.toUpperCase()]: 'planted-value' }] } }, 'Sentence');

    expect(text()).not.toContain('planted-value');
  });

  test.each(Object.entries(secrets))('a %s credential inside a sentence or an error is removed', (_kind, secret) => {
    const { log, text } = capture();
    const cause = new Error(`request failed with ${secret} in it`);

    log.error({ error: new LogUnavailableError('No log', { cause }), url: `before ${secret} after` }, 'It failed');

    const written = text();
    expect(written).toContain('[redacted:');
    for (const part of secret
      .split(/[@:\n]/u)
      .filter((piece) => piece.length > 11 && !piece.includes('BEGIN') && !piece.includes('END'))) {
      expect(written).not.toContain(part);
    }
  });

  test('an error keeps its code and id, and its cause', () => {
    const { log, records } = capture();
    const error: AppError = new LogUnavailableError('No log', { cause: new TypeError('inner') });

    log.warn({ error }, 'It failed');

    expect(records()[0].error).toMatchObject({
      code: 'github.log_unavailable',
      id: error.id,
      cause: { name: 'TypeError', message: 'inner' },
    });
  });

  test('a newline or escape in a branch name cannot start a second record', () => {
    const { log, text } = capture();

    log.info({ branch: 'x\n{"level":"error"}\u001B[31m' }, 'Sentence');

    expect(text().trim().split('\n')).toHaveLength(1);
  });

  test('fields cannot overwrite the level or the sentence, and long or circular ones are cut', () => {
    const { log, records } = capture();
    const circular: Record<string, unknown> = { name: 'loop' };
    circular['self'] = circular;

    log.info(
      { level: 'error', message: 'fake', long: 'x'.repeat(10_000), circular, buffer: Buffer.alloc(9) },
      'True sentence',
    );

    const [record] = records();
    expect(record).toMatchObject({ level: 'info', message: 'True sentence', buffer: '[9 bytes]' });
    expect(record.long.length).toBeLessThan(2_100);
  });
});

describe('lines on standard output', () => {
  test('of one turn of the event loop are written at once, in order, and later ones later', async () => {
    const written: string[] = [];
    const target = { write: (text: string | Uint8Array) => written.push(String(text)) > 0 };
    const lines = gatherLines(target);

    lines.write('one\n');
    await Promise.resolve();
    lines.write('two\n');
    expect(written).toEqual([]);
    await turn();
    lines.write('three\n');
    await turn();

    expect(written).toEqual(['one\ntwo\n', 'three\n']);
  });

  test('are not lost when the process ends in the same turn', () => {
    const logger = path.resolve(import.meta.dirname, '../src/logger.ts');
    const program = `
      import { createLogger } from ${JSON.stringify(logger)};
      createLogger({ level: 'info', version: '1', redact: (text) => text }).error({}, 'The last word');
      process.exit(3);`;

    const { status, stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', program]);

    expect(status).toBe(3);
    expect(String(stdout)).toContain('The last word');
  });
});
