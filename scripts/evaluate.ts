// Measures the analysis without a model on logs with reference answers:
// npm run evaluate -- --data DIR --out DIR [--view excerpt|evidence|redaction] [--max-lines N] [--passing]
// docs/evaluation.md tells what the data folder must look like and what came of it.
import path from 'node:path';
import { parseArgs } from 'node:util';
import { evaluate } from '../src/cli/evaluate.ts';

const USAGE =
  'Usage: npm run evaluate -- --data DIR --out DIR [--view excerpt|evidence|redaction] [--max-lines N] [--passing]\n';

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        data: { type: 'string' },
        out: { type: 'string' },
        view: { type: 'string', default: 'excerpt' },
        'max-lines': { type: 'string' },
        passing: { type: 'boolean', default: false },
      },
    });
    const { data, out, view, passing, 'max-lines': limit } = values;
    const maxLines = limit === undefined ? null : Number(limit);
    const isUsable = maxLines === null || (Number.isSafeInteger(maxLines) && maxLines > 0);
    if (data === undefined || out === undefined || !isUsable) return null;
    return view === 'excerpt' || view === 'evidence' || view === 'redaction'
      ? ({ data, out, view, maxLines, passing } as const)
      : null;
  } catch {
    return null;
  }
}

const options = readOptions();
if (options === null) {
  process.stderr.write(USAGE);
  process.exitCode = 2;
} else {
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort(new Error('Stopped.')));
  process.exitCode = await evaluate({
    ...options,
    repository: path.resolve(import.meta.dirname, '..'),
    stdout: process.stdout,
    stderr: process.stderr,
    signal: interrupted.signal,
  }).catch((error: unknown) => {
    if (!interrupted.signal.aborted) throw error;
    return 130;
  });
}
