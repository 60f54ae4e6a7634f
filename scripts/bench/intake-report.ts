import { judge, median, table } from './bench.ts';

/** What one turn of one contender showed. */
export interface Sample {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Processor time of the server for one delivery. */
  readonly cpuUs: number;
  /** At the steady pace. */
  readonly pacedP99Ms: number;
  readonly peakMb: number;
}

export const OURS = 'web';
export const BARE = 'bare';
export const PROBOT = 'probot';
export const STEADY_PER_SECOND = 200;
const LIMITS = { ofBare: 0.6, ofProbot: 1.3, cpuOfBare: 1.5, pacedP99Ms: 20, peakMb: 220 };

export const TITLES: ReadonlyArray<readonly [name: string, title: string]> = [
  [BARE, 'bare node:http, nothing stored'],
  ['insert', 'bare, one INSERT each'],
  [PROBOT, 'Probot, nothing stored'],
  ['naive', 'Octokit in Bolt, ORM, payload in queue'],
  ['edge', 'cortex ingest → cortex web'],
  [OURS, 'cortex web'],
];
const HEAD = [
  '',
  'per s',
  'of bare',
  'p50 ms',
  'p99 ms',
  'CPU µs',
  'of bare',
  `p99 at ${STEADY_PER_SECOND}/s`,
  'peak MB',
];

export interface Conditions {
  readonly rounds: number;
  readonly connections: number;
  readonly bytes: number;
  /** Servers have a core that nothing else of the bench runs on. */
  readonly isApart: boolean;
  /** How much of a core the loader took at the bare server: near 1, the loader was measured. */
  readonly loaderShare: number;
}

/** Medians, beside the limits. Ratios are those of one round each, so that a busy minute of the machine is on both sides of them. */
export function report(samples: ReadonlyMap<string, readonly Sample[]>, conditions: Conditions): string {
  const { rounds, connections, bytes, isApart, loaderShare } = conditions;
  const figures = createFigures(samples);
  const where = isApart ? 'a core of its own for the server' : 'not kept apart: there is no taskset, or one core only';
  return [
    `  signed workflow_run of ${bytes / 1000} KB, ${connections} connections, median of ${rounds}; ${where}\n`,
    table([HEAD, ...TITLES.map((title) => row(figures, title))]),
    `  the loader took ${loaderShare.toFixed(2)} of a core at the bare server; every delivery that a server with a store took was found in the database\n`,
    '  cortex web beside its limits\n',
    table(limitRows(figures)),
  ].join('');
}

interface Figures {
  readonly of: (name: string, pick: (sample: Sample) => number) => number;
  /** Of this contender to that one, round by round. */
  readonly ratio: (name: string, to: string, pick: (sample: Sample) => number) => number;
}

function createFigures(samples: ReadonlyMap<string, readonly Sample[]>): Figures {
  const picked = (name: string, pick: (sample: Sample) => number): number[] => (samples.get(name) ?? []).map(pick);
  return {
    of: (name, pick) => median(picked(name, pick)),
    ratio(name, to, pick) {
      const others = picked(to, pick);
      return median(picked(name, pick).map((figure, round) => figure / (others[round] ?? NaN)));
    },
  };
}

const speed = ({ perSecond }: Sample): number => perSecond;
const cpu = ({ cpuUs }: Sample): number => cpuUs;

function row({ of, ratio }: Figures, [name, title]: readonly [string, string]): string[] {
  return [
    title,
    of(name, speed).toFixed(0),
    ratio(name, BARE, speed).toFixed(2),
    of(name, ({ p50Ms }) => p50Ms).toFixed(1),
    of(name, ({ p99Ms }) => p99Ms).toFixed(1),
    of(name, cpu).toFixed(0),
    ratio(name, BARE, cpu).toFixed(2),
    of(name, ({ pacedP99Ms }) => pacedP99Ms).toFixed(1),
    of(name, ({ peakMb }) => peakMb).toFixed(0),
  ];
}

function limitRows({ of, ratio }: Figures): string[][] {
  const [ofBare, ofProbot] = [ratio(OURS, BARE, speed), ratio(OURS, PROBOT, speed)];
  const cpuOfBare = ratio(OURS, BARE, cpu);
  const pacedP99Ms = of(OURS, (sample) => sample.pacedP99Ms);
  const peakMb = of(OURS, (sample) => sample.peakMb);
  return [
    ['share of bare', ofBare.toFixed(2), judge(ofBare, { least: LIMITS.ofBare })],
    ['times Probot without a store', ofProbot.toFixed(2), judge(ofProbot, { least: LIMITS.ofProbot })],
    ['processor time for a delivery, of bare', cpuOfBare.toFixed(2), judge(cpuOfBare, { most: LIMITS.cpuOfBare })],
    [`p99 ms at ${STEADY_PER_SECOND} a second`, pacedP99Ms.toFixed(1), judge(pacedP99Ms, { most: LIMITS.pacedP99Ms })],
    ['peak memory, MB', peakMb.toFixed(0), judge(peakMb, { most: LIMITS.peakMb })],
  ];
}
