import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type IngestKey, signBatch } from '../auth/ingest-token.ts';
import { encodeBatch, MAX_BATCH_ITEMS } from '../domain/delivery-batch.ts';
import { GroupCommit } from '../domain/group-commit.ts';
import type { AcceptOutcome, Clock, Delivery } from '../domain/ports.ts';
import { AppError, CoreUnavailableError } from '../errors.ts';
import { createCoreConnection } from './core-connection.ts';

export type Forwarded = Pick<AcceptOutcome, 'kind'>;

/** The core, as the edge sees it. */
export interface Forwarder {
  /** Committed by the core when it resolves. Throws CoreUnavailableError; then it may have been committed all the same. */
  forward(delivery: Delivery): Promise<Forwarded>;
  isReady(): Promise<boolean>;
  /** How many deliveries wait for a batch to start. */
  waiting(): number;
  /** Waits for what is under way, and lets the connections go. */
  close(): Promise<void>;
}

export interface ForwarderOptions {
  coreUrl: string;
  key: IngestKey;
  clock: Clock;
}

const PATH = '/ingest/deliveries';
/** A try is given up before whoever waits for it is refused, and that is before GitHub gives up. */
const TRY_MS = 4_500;
const DEADLINE_MS = 5_000;
/** Larger batches gain nothing more, and the core holds each as a whole. */
const MOST_BYTES = 8 * 1024 * 1024;

const Answer = z.object({ outcomes: z.array(z.enum(['stored', 'repeated'])) });

/** Sends what has gathered whenever a batch can start, over connections that stay open, each batch with a token of its own. */
export function createForwarder({ coreUrl, key, clock }: ForwarderOptions): Forwarder {
  const core = createCoreConnection(coreUrl);
  const group = new GroupCommit<Delivery, Forwarded>({
    commit: (deliveries) => send(deliveries),
    bytesOf: ({ body }) => body.length,
    deadlineMs: DEADLINE_MS,
    sizeOf: (gathered) => Math.min(gathered, MAX_BATCH_ITEMS),
    mostBytes: MOST_BYTES,
    refusal: (reason) => new CoreUnavailableError(REFUSALS[reason]),
  });

  async function send(deliveries: readonly Delivery[]): Promise<Forwarded[]> {
    const body = encodeBatch(deliveries);
    const sum = createHash('sha256');
    for (const piece of body) sum.update(piece);
    const hash = sum.digest();
    // Signed anew for each try: a token is good for one.
    const request = () => ({
      path: PATH,
      headers: {
        authorization: `Bearer ${signBatch({ key, clock }, hash)}`,
        'content-type': 'application/octet-stream',
      },
      body,
    });
    try {
      const { status, text } = await core.post(request, TRY_MS);
      if (status !== 202) throw new CoreUnavailableError(`The core answered ${status}`);
      return readOutcomes(text, deliveries.length);
    } catch (error) {
      if (error instanceof AppError) throw error;
      throw new CoreUnavailableError('The core does not answer', { cause: error });
    }
  }

  return {
    forward: (delivery) => group.add(delivery),
    isReady: () => core.isReady(),
    waiting: () => group.waiting,
    async close() {
      await group.settle();
      core.close();
    },
  };
}

const REFUSALS = {
  late: `The core did not answer within ${DEADLINE_MS} ms`,
  full: 'Too much is waiting for the core',
};

function readOutcomes(text: string, count: number): Forwarded[] {
  const { outcomes } = Answer.parse(JSON.parse(text));
  if (outcomes.length !== count)
    throw new CoreUnavailableError('The core answered for other deliveries than were sent');
  return outcomes.map((kind) => ({ kind }));
}
