// Measures how fast parts of the product are, beside their limits: npm run bench [-- NAME…] [--size 1g] [--rounds N] [--seed N]
// docs/operations.md tells what the figures mean. A missed limit is a figure, not a failure: the exit code is 0 unless a bench
// cannot run.
import { parseArgs } from 'node:util';
import type { Bench, BenchOptions } from './bench/bench.ts';
import { hostileInput } from './bench/hostile-input.ts';
import { intake } from './bench/intake.ts';
import { logEngine } from './bench/log-engine.ts';
import { reasoning } from './bench/reasoning.ts';

const BENCHES: readonly Bench[] = [intake, logEngine, hostileInput, reasoning];

const USAGE = `Usage: npm run bench [-- NAME…] [--size 200m|1g] [--rounds N] [--seed N]
${BENCHES.map(({ name, summary }) => `  ${name.padEnd(16)} ${summary}`).join('\n')}
`;

function readOptions(): { benches: readonly Bench[]; options: BenchOptions } | null {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        size: { type: 'string', default: '200m' },
        rounds: { type: 'string', default: '3' },
        seed: { type: 'string', default: '7' },
      },
    });
    const bytes = readSize(values.size);
    const [rounds, seed] = [Number(values.rounds), Number(values.seed)];
    if (bytes === null || !(Number.isSafeInteger(rounds) && rounds > 0) || !Number.isSafeInteger(seed)) return null;
    const benches = BENCHES.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
    const isKnown = positionals.every((wanted) => BENCHES.some(({ name }) => name === wanted));
    return isKnown ? { benches, options: { bytes, rounds, seed } } : null;
  } catch {
    return null;
  }
}

function readSize(text: string): number | null {
  const [, digits, unit = ''] = /^(\d{1,6})([kmg]?)$/iu.exec(text) ?? [];
  const factor = { '': 1, k: 1e3, m: 1e6, g: 1e9 }[unit.toLowerCase()];
  return digits === undefined || factor === undefined ? null : Number(digits) * factor;
}

const chosen = readOptions();
if (chosen === null) {
  process.stderr.write(USAGE);
  process.exitCode = 2;
} else {
  for (const { name, run } of chosen.benches) process.stdout.write(`${name}\n${await run(chosen.options)}\n`);
}
