import { z } from 'zod';
import { judge, median, table } from './bench.ts';

/** What one process took to read the log once. */
export const Sample = z.object({
  seconds: z.number(),
  cpuSeconds: z.number(),
  peakMb: z.number(),
  delayMs: z.object({ p50: z.number(), p99: z.number(), max: z.number() }),
});
export type Sample = z.infer<typeof Sample>;

const LIMITS = { megabytesPerSecond: 120, ofRipgrep: 0.25, peakMb: 150, delayMs: 20 };
const WHOLE = 'digest';
export const RIPGREP = 'ripgrep';
export const CONTENDERS: ReadonlyArray<readonly [name: string, title: string]> = [
  ['split', 'split into lines only'],
  ['prefilter', 'bare prefilter'],
  ['reduce', 'parse + reduce'],
  [WHOLE, 'parse + reduce + redact'],
  ['redact', 'redact the whole stream'],
];
const HEAD = [
  '',
  'MB/s',
  'per CPU s',
  'of split',
  'of prefilter',
  'of ripgrep',
  'peak MB',
  'delay p50',
  'p99',
  'max ms',
];

interface Conditions {
  readonly megabytes: number;
  readonly rounds: number;
  readonly isOneCore: boolean;
}

/** Medians, beside their limits. Speeds are compared by processor time, so that what else runs on the machine does not count. */
export function report(samples: ReadonlyMap<string, readonly Sample[]>, conditions: Conditions): string {
  const { megabytes, rounds, isOneCore } = conditions;
  const figures = createFigures(samples, megabytes);
  const how = `${megabytes.toFixed(0)} MB, median of ${rounds}, ${isOneCore ? 'one core' : 'not held on one core: there is no taskset'}`;
  return `  ${how}\n${table([HEAD, ...speedRows(figures)])}  parse + reduce + redact beside its limits\n${table(limitRows(figures))}`;
}

interface Figures {
  /** The median over a contender's samples. */
  readonly of: (name: string, pick: (sample: Sample) => number) => number;
  /** Megabytes in a second of processor time. */
  readonly speed: (name: string) => number;
  readonly wallSpeed: (name: string) => number;
  readonly hasRipgrep: boolean;
}

function createFigures(samples: ReadonlyMap<string, readonly Sample[]>, megabytes: number): Figures {
  const of: Figures['of'] = (name, pick) => median((samples.get(name) ?? []).map(pick));
  return {
    of,
    speed: (name) => megabytes / of(name, ({ cpuSeconds }) => cpuSeconds),
    wallSpeed: (name) => megabytes / of(name, ({ seconds }) => seconds),
    hasRipgrep: samples.has(RIPGREP),
  };
}

function speedRows({ of, speed, wallSpeed, hasRipgrep }: Figures): string[][] {
  const ours = CONTENDERS.map(([name, title]) => [
    title,
    wallSpeed(name).toFixed(0),
    speed(name).toFixed(0),
    (speed(name) / speed('split')).toFixed(2),
    (speed(name) / speed('prefilter')).toFixed(2),
    hasRipgrep ? (speed(name) / speed(RIPGREP)).toFixed(2) : '',
    of(name, ({ peakMb }) => peakMb).toFixed(0),
    ...(['p50', 'p99', 'max'] as const).map((at) => of(name, ({ delayMs }) => delayMs[at]).toFixed(1)),
  ]);
  if (!hasRipgrep) return ours;
  const ratios = ['split', 'prefilter', RIPGREP].map((name) => (speed(RIPGREP) / speed(name)).toFixed(2));
  const wall = wallSpeed(RIPGREP).toFixed(0);
  return [...ours, ['ripgrep, the same literals', wall, speed(RIPGREP).toFixed(0), ...ratios]];
}

function limitRows({ of, speed, hasRipgrep }: Figures): string[][] {
  const peakMb = of(WHOLE, (sample) => sample.peakMb);
  const delayMs = of(WHOLE, (sample) => sample.delayMs.p99);
  const share = speed(WHOLE) / speed(RIPGREP);
  return [
    ['MB per CPU second', speed(WHOLE).toFixed(0), judge(speed(WHOLE), { least: LIMITS.megabytesPerSecond })],
    hasRipgrep
      ? ['share of ripgrep', share.toFixed(2), judge(share, { least: LIMITS.ofRipgrep })]
      : ['share of ripgrep', '–', 'rg is not on the PATH'],
    ['peak memory, MB', peakMb.toFixed(0), judge(peakMb, { most: LIMITS.peakMb })],
    ['delay of the event loop, p99 ms', delayMs.toFixed(1), judge(delayMs, { most: LIMITS.delayMs })],
  ];
}
