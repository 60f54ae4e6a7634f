import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { SIGNATURES } from '../../src/analysis/signatures/index.ts';
import { type Bench, type BenchOptions, judge, median, startBar, table } from './bench.ts';
import { writeGithubLog } from './github-log.ts';

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, '..', '..');

const Sample = z.object({
  seconds: z.number(),
  peakMb: z.number(),
  delayMs: z.object({ p50: z.number(), p99: z.number(), max: z.number() }),
});
type Sample = z.infer<typeof Sample>;

const LIMITS = { megabytesPerSecond: 120, ofRipgrep: 0.25, peakMb: 150, delayMs: 20 };
const WHOLE = 'digest';
const RIPGREP = 'ripgrep';
const CONTENDERS: ReadonlyArray<readonly [name: string, title: string]> = [
  ['split', 'split into lines only'],
  ['prefilter', 'bare prefilter'],
  ['reduce', 'parse + reduce'],
  [WHOLE, 'parse + reduce + redact'],
  ['redact', 'redact the whole stream'],
];

/** How fast a log of GitHub Actions is read, in one process on one core, compiled as it ships. */
export const logEngine: Bench = {
  name: 'log-engine',
  summary: 'a log of GitHub Actions: throughput, memory, delay of the event loop',
  async run(options) {
    const folder = await mkdtemp(path.join(tmpdir(), 'cortex-bench-'));
    try {
      return await measure(folder, options);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

async function measure(folder: string, { bytes, rounds, seed }: BenchOptions): Promise<string> {
  const log = path.join(folder, 'job.log');
  const writing = startBar('Writing the log', bytes);
  await writeGithubLog(log, { bytes, seed, onProgress: writing.update });
  writing.stop();
  const child = await compileChild(folder);
  const [launcher, ripgrep] = [await oneCore(), await findRipgrep(folder)];
  const samples = new Map<string, Sample[]>();
  const note = (name: string, sample: Sample): void => void samples.set(name, [...(samples.get(name) ?? []), sample]);
  const measuring = startBar('Measuring', rounds * (CONTENDERS.length + 1));
  // The contenders take turns, so that a busy minute of the machine is shared by all of them.
  for (let round = 0; round < rounds; round += 1) {
    for (const [at, [name]] of CONTENDERS.entries()) {
      const { stdout } = await runOn(launcher, [process.execPath, child, name, log]);
      note(name, Sample.parse(JSON.parse(stdout)));
      measuring.update(round * (CONTENDERS.length + 1) + at + 1);
    }
    if (ripgrep !== null) note(RIPGREP, await runRipgrep(launcher, [...ripgrep, log]));
  }
  measuring.stop();
  const megabytes = (await stat(log)).size / 1e6;
  return report(samples, { megabytes, rounds, isOneCore: launcher.length > 0 });
}

/** Memory is that of what ships, without a compiler in the process. */
async function compileChild(folder: string): Promise<string> {
  const source = path.join(root, 'scripts', 'bench', 'log-engine-child.ts');
  const config = path.join(folder, 'tsconfig.json');
  const outDir = path.join(folder, 'out');
  const compilerOptions = {
    rootDir: root,
    outDir,
    sourceMap: false,
    typeRoots: [path.join(root, 'node_modules/@types')],
  };
  await writeFile(
    config,
    JSON.stringify({ extends: path.join(root, 'tsconfig.json'), compilerOptions, files: [source], include: [] }),
  );
  await run(process.execPath, [path.join(root, 'node_modules/typescript/bin/tsc'), '-p', config]);
  await writeFile(path.join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'), 'junction');
  return path.join(outDir, 'scripts', 'bench', 'log-engine-child.js');
}

/** What holds a process on one core, where the system has it. */
async function oneCore(): Promise<readonly string[]> {
  const launcher = ['taskset', '-c', '0'];
  const works = await runOn(launcher, ['true']).then(
    () => true,
    () => false,
  );
  return works ? launcher : [];
}

function runOn(launcher: readonly string[], command: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  const [program = '', ...args] = [...launcher, ...command];
  return run(program, args, { maxBuffer: 1e8 });
}

/**
 * The literals that the prefilter looks for: ripgrep takes them in one pass, too. The patterns themselves it refuses: several look
 * around, and together they are larger than its limit.
 */
async function findRipgrep(folder: string): Promise<readonly string[] | null> {
  const found = await run('rg', ['--version']).catch(() => null);
  if (found === null) return null;
  const literals = path.join(folder, 'literals.txt');
  await writeFile(literals, `${[...new Set(SIGNATURES.flatMap(({ literals: words }) => words))].join('\n')}\n`);
  return ['rg', '--no-config', '-j1', '-c', '-i', '-F', '-f', literals];
}

async function runRipgrep(launcher: readonly string[], command: readonly string[]): Promise<Sample> {
  const started = performance.now();
  await runOn(launcher, command);
  return { seconds: (performance.now() - started) / 1000, peakMb: 0, delayMs: { p50: 0, p99: 0, max: 0 } };
}

function report(
  samples: ReadonlyMap<string, readonly Sample[]>,
  { megabytes, rounds, isOneCore }: { megabytes: number; rounds: number; isOneCore: boolean },
): string {
  const figure = (name: string, of: (sample: Sample) => number): number => median((samples.get(name) ?? []).map(of));
  const speed = (name: string): number => megabytes / figure(name, ({ seconds }) => seconds);
  const titles = [...CONTENDERS, ...(samples.has(RIPGREP) ? [[RIPGREP, 'ripgrep, the same literals'] as const] : [])];
  const rows = titles.map(([name, title]) => [
    title,
    speed(name).toFixed(0),
    (speed(name) / speed('split')).toFixed(2),
    (speed(name) / speed('prefilter')).toFixed(2),
    samples.has(RIPGREP) ? (speed(name) / speed(RIPGREP)).toFixed(2) : '',
    ...(name === RIPGREP
      ? []
      : [
          figure(name, ({ peakMb }) => peakMb).toFixed(0),
          ...(['p50', 'p99', 'max'] as const).map((at) => figure(name, ({ delayMs }) => delayMs[at]).toFixed(1)),
        ]),
  ]);
  const head = ['', 'MB/s', 'of split', 'of prefilter', 'of ripgrep', 'peak MB', 'delay p50', 'p99', 'max ms'];
  const limits = [
    ['MB/s', speed(WHOLE).toFixed(0), judge(speed(WHOLE), { least: LIMITS.megabytesPerSecond })],
    samples.has(RIPGREP)
      ? [
          'share of ripgrep',
          (speed(WHOLE) / speed(RIPGREP)).toFixed(2),
          judge(speed(WHOLE) / speed(RIPGREP), { least: LIMITS.ofRipgrep }),
        ]
      : ['share of ripgrep', '–', 'rg is not on the PATH'],
    [
      'peak memory, MB',
      figure(WHOLE, ({ peakMb }) => peakMb).toFixed(0),
      judge(
        figure(WHOLE, ({ peakMb }) => peakMb),
        { most: LIMITS.peakMb },
      ),
    ],
    [
      'delay of the event loop, p99 ms',
      figure(WHOLE, ({ delayMs }) => delayMs.p99).toFixed(1),
      judge(
        figure(WHOLE, ({ delayMs }) => delayMs.p99),
        { most: LIMITS.delayMs },
      ),
    ],
  ];
  const how = `${megabytes.toFixed(0)} MB, median of ${rounds}, ${isOneCore ? 'one core' : 'not held on one core: there is no taskset'}`;
  return `  ${how}\n${table([head, ...rows])}  parse + reduce + redact beside its limits\n${table(limits)}`;
}
