import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';

const Count = z.object({ requests: z.number(), faults: z.number() });

/** A model in a process of its own, so that its work is not counted as ours. */
export interface StandIn {
  readonly url: string;
  /** Requests since the last `reset`, and how many of them were answered with a fault. */
  count(): Promise<z.infer<typeof Count>>;
  /** From now on every `faultEvery`-th request meets a fault; 0 for none. */
  reset(faultEvery: number): Promise<void>;
  close(): Promise<void>;
}

export const USAGE = { prompt_tokens: 3000, completion_tokens: 200, total_tokens: 3200 };

/** Answers every question alike after `latencyMs`. */
export async function startStandIn(answer: object, latencyMs: number): Promise<StandIn> {
  const file = path.join(import.meta.dirname, 'model-stand-in-child.ts');
  const words = [JSON.stringify(answer), String(latencyMs), JSON.stringify(USAGE)];
  const child = spawn(process.execPath, [file, ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [port] = await once(createInterface(child.stdout), 'line');
  const base = `http://127.0.0.1:${port}`;
  return {
    url: `${base}/v1`,
    count: async () => Count.parse(await (await fetch(`${base}/count`)).json()),
    async reset(faultEvery) {
      await (await fetch(`${base}/reset/${faultEvery}`, { method: 'POST' })).text();
    },
    async close() {
      child.kill();
      await once(child, 'exit');
    },
  };
}
