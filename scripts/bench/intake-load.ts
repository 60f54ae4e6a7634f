import { Pool } from 'undici';
import { beginEvenly } from './pace.ts';
import { createDeliveries, type Sheet } from './intake-deliveries.ts';

/** Where every contender listens for deliveries. */
export const WEBHOOK_PATH = '/webhooks/github';

export interface Loaded {
  /** How long each answer took, in ms. */
  readonly times: readonly number[];
  readonly seconds: number;
}

export interface Loader {
  /** So many connections, each with the next delivery as soon as the last one was answered. */
  closed(origin: string, load: { connections: number; seconds: number }): Promise<Loaded>;
  /** So many deliveries a second, whatever becomes of them. */
  open(origin: string, load: { perSecond: number; seconds: number }): Promise<Loaded>;
}

/** Sends signed deliveries. A refusal ends the bench: nobody counts it as work. Octokit's middleware says 200 where others say 202. */
export function createLoader(secret: string): Loader {
  const deliveries = createDeliveries(secret);
  return {
    async closed(origin, { connections, seconds }) {
      const pool = new Pool(origin, { connections });
      const [times, began]: [number[], number] = [[], performance.now()];
      const end = began + seconds * 1000;
      const lane = async (sheet: Sheet): Promise<void> => {
        while (performance.now() < end) times.push(await send(pool, sheet));
      };
      await Promise.all(Array.from({ length: connections }, () => lane(deliveries.sheet())));
      const took = (performance.now() - began) / 1000;
      await pool.close();
      return { times, seconds: took };
    },
    async open(origin, { perSecond, seconds }) {
      const pool = new Pool(origin, { connections: 50 });
      const free: Sheet[] = [];
      const act = async (): Promise<void> => {
        const sheet = free.pop() ?? deliveries.sheet();
        await send(pool, sheet);
        free.push(sheet);
      };
      const load = { total: perSecond * seconds, everyMs: 1000 / perSecond, onEnd: () => {} };
      const { times } = await beginEvenly(act, load);
      await pool.close();
      return { times, seconds };
    },
  };
}

/** The handlers of undici's lowest level: its `request` costs twice as much, and the loader must not be what is measured. */
function send(pool: Pool, sheet: Sheet): Promise<number> {
  const { headers, body } = sheet();
  const began = performance.now();
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  let status = 0;
  pool.dispatch(
    { method: 'POST', path: WEBHOOK_PATH, headers, body },
    {
      onRequestStart() {},
      onResponseStart(_controller, statusCode) {
        status = statusCode;
      },
      onResponseData() {},
      onResponseEnd() {
        if (status === 202 || status === 200) resolve(performance.now() - began);
        else reject(new Error(`A delivery was answered with ${status}`));
      },
      onResponseError(_controller, error) {
        reject(error);
      },
    },
  );
  return promise;
}
