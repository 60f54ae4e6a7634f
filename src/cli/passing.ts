import { type Baseline, readBaseline } from '../analysis/baseline.ts';
import { type InputLimits, type OpenInput, withPath } from './input.ts';
import { RefusedInputError, refusalOf } from './refusal.ts';

const LINE_END = Buffer.from('\n');

/** Reads a log in which all went well, or all logs of such a run's archive. Rejects with RefusedInputError where it cannot be used. */
export async function readPassing(
  file: string,
  { limits, signal }: { limits: InputLimits; signal: AbortSignal },
): Promise<Baseline> {
  try {
    return await withPath(file, { limits, onBytes: () => {} }, (input) => readBaseline(bytesOf(input), { signal }));
  } catch (error) {
    const sentence = refusalOf(error, file);
    throw sentence === null ? error : new RefusedInputError(sentence, { cause: error });
  }
}

async function* bytesOf(input: OpenInput): AsyncGenerator<Uint8Array> {
  if (input.kind === 'log') {
    yield* input.bytes;
    return;
  }
  for (const entry of input.entries) {
    yield* entry.open();
    yield LINE_END;
  }
}
