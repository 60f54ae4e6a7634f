// One contender of the bench `log-engine`, in a process of its own: CONTENDER FILE → one line of JSON on stdout.
import { createReadStream } from 'node:fs';
import { Writable } from 'node:stream';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { digestLog } from '../../src/analysis/digest.ts';
import { readLines } from '../../src/analysis/parse.ts';
import { createRedactor } from '../../src/analysis/redact.ts';
import { createReducer } from '../../src/analysis/reduce.ts';
import { LOG_PREFILTER } from '../../src/analysis/score.ts';
import { redactStream } from '../../src/cli/redact.ts';

type Source = AsyncIterable<Uint8Array>;

const CONTENDERS: Readonly<Record<string, (source: Source) => Promise<unknown>>> = {
  split: splitLines,
  prefilter: countEvents,
  reduce: (source) => {
    const reducer = createReducer();
    return readLines(source, LOG_PREFILTER, { onLine: (line) => reducer.add(line) }).then(() => reducer.finish());
  },
  digest: (source) => digestLog(source, { job: null, redactor: createRedactor({ salt: 'bench' }) }),
  redact: (source) =>
    redactStream(source, new Writable({ write: (_chunk, _encoding, done) => done() }), { salt: 'bench' }),
};

/** The least that anybody must do: lines as strings. */
async function splitLines(source: Source): Promise<number> {
  let lines = 0;
  let rest = '';
  for await (const chunk of source) {
    const text = rest + Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1');
    let from = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', from)) {
      if (text.slice(from, end) !== '') lines += 1;
      from = end + 1;
    }
    rest = text.slice(from);
  }
  return lines;
}

async function countEvents(source: Source): Promise<number> {
  const { next, firstEvent } = LOG_PREFILTER;
  let events = 0;
  let state = 0;
  for await (const chunk of source) {
    for (let at = 0; at < chunk.length; at += 1) {
      state = next[(state << 8) | (chunk[at] ?? 0)] ?? 0;
      if (state >= firstEvent) events += 1;
    }
  }
  return events;
}

const [name = '', file = ''] = process.argv.slice(2);
const contender = CONTENDERS[name];
if (contender === undefined) throw new RangeError(`No contender is called ${name}`);
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
const started = performance.now();
const cpuBefore = process.cpuUsage();
await contender(createReadStream(file, { highWaterMark: 256 * 1024 }));
const seconds = (performance.now() - started) / 1000;
const { user, system } = process.cpuUsage(cpuBefore);
delay.disable();
const toMs = (nanoseconds: number): number => nanoseconds / 1e6;
process.stdout.write(
  JSON.stringify({
    seconds,
    cpuSeconds: (user + system) / 1e6,
    peakMb: process.resourceUsage().maxRSS / 1024,
    delayMs: { p50: toMs(delay.percentile(50)), p99: toMs(delay.percentile(99)), max: toMs(delay.max) },
  }),
);
