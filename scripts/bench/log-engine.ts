import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { SIGNATURES } from '../../src/analysis/signatures/index.ts';
import { type Bench, type BenchOptions, startBar } from './bench.ts';
import { compile } from './compile.ts';
import { oneCore } from './cores.ts';
import { writeGithubLog } from './github-log.ts';
import { CONTENDERS, report, RIPGREP, Sample } from './log-engine-report.ts';

const run = promisify(execFile);

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
  const child = path.join(
    await compile(folder, ['scripts/bench/log-engine-child.ts']),
    'scripts/bench/log-engine-child.js',
  );
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

/** The shell tells what processor time its children took. */
async function runRipgrep(launcher: readonly string[], command: readonly string[]): Promise<Sample> {
  const started = performance.now();
  const { stdout } = await runOn(launcher, ['sh', '-c', '"$@"; times', 'sh', ...command]);
  const seconds = (performance.now() - started) / 1000;
  const times = [...(stdout.trimEnd().split('\n').at(-1) ?? '').matchAll(/(\d+)m([\d.]+)s/gu)];
  const cpuSeconds = times.reduce((sum, [, minutes = '0', rest = '0']) => sum + Number(minutes) * 60 + Number(rest), 0);
  return { seconds, cpuSeconds, peakMb: 0, delayMs: { p50: 0, p99: 0, max: 0 } };
}
