import { setImmediate as turn } from 'node:timers/promises';
import { Readable } from 'node:stream';
import { afterAll, describe, expect, test } from '@jest/globals';
import { createRedactor } from '../../src/analysis/redact.ts';
import type { LogReader } from '../../src/domain/ports.ts';
import { LogReaderFailedError, LogUnavailableError } from '../../src/errors.ts';
import { createLogThreads, type LogThreadsOptions } from '../../src/threads/log-reader.ts';
import { eventually } from '../support/eventually.ts';
import { fakeLog } from '../support/fake-log.ts';
import { fakeMetrics } from '../support/fake-metrics.ts';
import { anInProcessLogReader } from '../support/in-process-log-reader.ts';
import { aWorkflowJob } from '../support/pipeline-fakes.ts';

const redaction = { salt: 'a salt for tests', secrets: ['held-by-us-and-in-no-format'] };
const token = ['ghp', 'a1B2'.repeat(9)].join('_');
const LOG = Buffer.from(
  [
    '##[group]Run make test',
    `env TOKEN ${token} and held-by-us-and-in-no-format`,
    '##[endgroup]',
    'src/cart.c:14:3: error: unknown type name; TOKEN ' + token,
    '##[error]Process completed with exit code 2.',
    '',
  ].join('\n'),
);
const NOISE = 'Error: connect ECONNREFUSED 127.0.0.1:5432, will try again';
const PASSING = Buffer.from(`${NOISE}\nall is well\n`);
const signal = new AbortController().signal;

const threads: Array<{ close(): Promise<void> }> = [];
afterAll(() => Promise.all(threads.map((each) => each.close())));

function someThreads(changes: Partial<LogThreadsOptions> = {}) {
  const log = fakeLog();
  const metrics = fakeMetrics();
  const reader = createLogThreads({ log, metrics, redaction, threads: 1, ...changes });
  threads.push(reader);
  return Object.assign(reader, { log, metrics });
}

const oddThreads = (changes: Partial<LogThreadsOptions> = {}) =>
  someThreads({ entry: new URL('odd-thread.ts', import.meta.url), ...changes });

/** In pieces of this many bytes. */
function inPieces(bytes: Buffer, size: number): Readable {
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
    bytes.subarray(at * size, (at + 1) * size),
  );
  return Readable.from(pieces, { objectMode: false });
}

/** Sends the log's beginning, and then what `more` does. */
function interrupted(more: () => Promise<void>): Readable {
  async function* parts() {
    yield Buffer.from(LOG.subarray(0, 60));
    await more();
  }
  return Readable.from(parts(), { objectMode: false });
}

const forEver = (): Promise<void> => new Promise(() => {});

const READERS: ReadonlyArray<readonly [name: string, open: () => LogReader]> = [
  ['in threads', () => someThreads()],
  ['in the process', () => anInProcessLogReader(redaction)],
];

describe.each(READERS)('a log reader %s', (_name, open) => {
  const reader = open();

  test.each([1, 7, 64 * 1024])('reads a log that comes in pieces of %i bytes', async (size) => {
    const job = aWorkflowJob({ startedAt: new Date('2026-11-20T09:00:00Z') });

    const digest = await reader.digest(inPieces(LOG, size), { job, signal });

    expect(digest).toMatchObject({ job, missing: null, category: 'compile', size: { bytes: LOG.length, lines: 5 } });
    expect(digest.job).toBe(job);
    expect(digest.evidence.map(({ line }) => line)).toContain(4);
  });

  test('takes secrets out, with the marks that the rest of the process uses', async () => {
    const { excerpt } = await reader.digest(inPieces(LOG, 1000), { job: null, signal });

    const shown = excerpt.map(({ text }) => text).join('\n');
    expect(shown).toContain(createRedactor(redaction).text(`TOKEN ${token}`));
    expect(shown).not.toContain('held-by-us');
  });

  test('rejects with the very error of a source that breaks off', async () => {
    const error = new LogUnavailableError('The download broke off');

    await expect(
      reader.digest(
        interrupted(() => Promise.reject(error)),
        { job: null, signal },
      ),
    ).rejects.toBe(error);
  });

  test('rejects with the reason of the signal while the source is silent, and lets go of it', async () => {
    const stop = new AbortController();
    const source = interrupted(forEver);
    const reading = reader.digest(source, { job: null, signal: stop.signal });
    const reason = new Error('lease lost');
    const failure = reading.catch((error: unknown) => error);

    await eventually(() => expect(source.readableFlowing !== null || source.listenerCount('readable') > 0).toBe(true));
    stop.abort(reason);

    expect(await failure).toBe(reason);
    expect(source.destroyed).toBe(true);
  });

  test('does not begin when the signal fired before', async () => {
    const source = inPieces(LOG, 10);

    await expect(reader.digest(source, { job: null, signal: AbortSignal.abort('late') })).rejects.toBe('late');
    expect(source.destroyed).toBe(true);
  });

  test.each<[name: string, passing: () => Promise<Readable | null>, isCompared: boolean]>([
    ['is there', async () => inPieces(PASSING, 9), true],
    ['is not there', async () => null, false],
    ['breaks off', async () => interrupted(() => Promise.reject(new Error('gone'))), false],
    ['cannot be had', () => Promise.reject(new Error('away')), false],
  ])('compares with a passing log that %s', async (_case, passing, isCompared) => {
    const failing = Buffer.from(`${NOISE}\nall but one\nmake: *** [check] Error 1\n`);

    const { evidence } = await reader.digest(inPieces(failing, 9), { job: null, signal, passing: passing() });

    expect(evidence.some(({ text }) => text === NOISE)).toBe(!isCompared);
  });

  test('reads several logs at once', async () => {
    const digests = await Promise.all(
      Array.from({ length: 8 }, () => reader.digest(inPieces(LOG, 16), { job: null, signal })),
    );

    expect(new Set(digests.map(({ fingerprint }) => fingerprint)).size).toBe(1);
  });
});

describe('log threads', () => {
  test('count what they read, and how long it took', async () => {
    const reader = someThreads();

    await reader.digest(inPieces(LOG, 100), { job: null, signal });

    expect(reader.metrics.of('logBytes')).toMatchObject([{ value: LOG.length }]);
    expect(reader.metrics.of('logSeconds')).toMatchObject([{ labels: { outcome: 'read' } }]);
    expect(reader.load()).toEqual({ logs: 0, threads: 1 });
  });

  test('that were warmed up have counted nothing', async () => {
    const reader = someThreads({ threads: 2 });

    await reader.warmUp();

    expect(reader.metrics.measured).toEqual([]);
    expect(reader.load()).toEqual({ logs: 0, threads: 2 });
  });

  test('are given memory where a piece fills it, and a copy where others live in it too', async () => {
    const reader = someThreads();
    const shared = Buffer.concat([LOG, Buffer.from('neighbour')]);
    const alone = new Uint8Array(LOG);
    const read = (piece: Uint8Array) => reader.digest(Readable.from([piece]), { job: null, signal });

    await read(shared.subarray(0, LOG.length));
    await read(alone);

    expect(shared.subarray(LOG.length).toString()).toBe('neighbour');
    expect(alone.byteLength).toBe(0);
  });

  test('let go of a passing log too, when nobody wants the answer any more', async () => {
    const reader = someThreads();
    const passing = inPieces(LOG, 10);
    const request = { job: null, signal: AbortSignal.abort('late'), passing: Promise.resolve(passing) };

    await expect(reader.digest(inPieces(LOG, 10), request)).rejects.toBe('late');
    await eventually(() => expect(passing.destroyed).toBe(true));
  });

  test.each(['ends', 'hogs'])('survive a log at which the thread %s', async (name) => {
    const reader = oddThreads({ heapMb: 32 });

    const error = await reader
      .digest(inPieces(LOG, 100), { job: aWorkflowJob({ name }), signal })
      .catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(LogReaderFailedError);
    expect(error).toMatchObject({ retryable: true, code: 'analysis.log_reader_failed' });
    expect((await reader.digest(inPieces(LOG, 100), { job: null, signal })).size.lines).toBe(5);
  });

  test('that hang hold up nobody, and are replaced', async () => {
    const reader = oddThreads({ silenceMs: 4_000 });
    await reader.warmUp();

    const reading = reader.digest(interrupted(forEver), { job: aWorkflowJob({ name: 'hangs' }), signal });

    await expect(reading).rejects.toThrow(LogReaderFailedError);
    expect(reader.log.at('warn')).toMatchObject([{ sentence: 'A log thread hung and was ended' }]);
    expect((await reader.digest(inPieces(LOG, 100), { job: null, signal })).size.lines).toBe(5);
  });

  test('that hang in a log which nobody wants any more are replaced too', async () => {
    const reader = oddThreads({ dropMs: 200 });
    await reader.warmUp();
    const stop = new AbortController();
    const reading = reader.digest(interrupted(forEver), { job: aWorkflowJob({ name: 'hangs' }), signal: stop.signal });
    await turn();
    stop.abort('stopped');

    await expect(reading).rejects.toBe('stopped');
    await eventually(() => expect(reader.log.at('warn')).toHaveLength(1));
    expect((await reader.digest(inPieces(LOG, 100), { job: null, signal })).size.lines).toBe(5);
  });

  test('take no more than they can read', async () => {
    const reader = oddThreads();
    await reader.warmUp();
    let taken = 0;
    const endless = new Readable({
      highWaterMark: 64 * 1024,
      read() {
        taken += 64 * 1024;
        this.push(Buffer.alloc(64 * 1024, 'x'));
      },
    });
    const stop = new AbortController();
    const reading = reader.digest(endless, { job: aWorkflowJob({ name: 'hangs' }), signal: stop.signal });
    const failure = reading.catch((error: unknown) => error);
    await eventually(() => expect(taken).toBeGreaterThanOrEqual(1024 * 1024));
    for (let turns = 0; turns < 100; turns += 1) await turn();
    stop.abort('enough');

    expect(await failure).toBe('enough');
    expect(taken).toBeLessThan(1.5 * 1024 * 1024);
  });

  test('that are closed reject what they were reading and what comes later', async () => {
    const reader = someThreads();
    const reading = reader.digest(interrupted(forEver), { job: null, signal });
    const failure = reading.catch((error: unknown) => error);

    await reader.close();

    expect(await failure).toBeInstanceOf(LogReaderFailedError);
    await expect(reader.digest(inPieces(LOG, 100), { job: null, signal })).rejects.toThrow(LogReaderFailedError);
  });
});
