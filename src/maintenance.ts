import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { assemblePorts, createCoordination } from './assembly.ts';
import type { Config } from './config.ts';
import { connectDatabase, type Database, withoutDatabase } from './db/database.ts';
import type { ChannelId, WorkspaceId } from './domain/ids.ts';
import type { HealthFinding, Log, Ports } from './domain/ports.ts';
import { AppError, SchemaBehindError } from './errors.ts';
import { createModels } from './llm/models.ts';
import { databaseAwayFinding } from './messages/doctor/platform-words.ts';
import { createMetrics } from './metrics.ts';
import { examine } from './notify/doctor/examine.ts';
import { SCOPES } from './slack/options.ts';
import { createLogThreads } from './threads/log-reader.ts';

/** Brings the schema up to date and lets go of the database. */
export async function migrate(options: Omit<Parameters<typeof connectDatabase>[0], 'encryptionKey'>): Promise<void> {
  // No token is read or written while migrating.
  const database = await connectDatabase({ ...options, encryptionKey: randomBytes(32) });
  try {
    await database.migrate();
  } finally {
    await database.close();
  }
}

/** Lends the keys of other CI systems to `work`, and lets go of the database. Throws SchemaBehindError. */
export async function withSources<Result>(
  options: Parameters<typeof connectDatabase>[0],
  work: (stores: Pick<Ports, 'ciSources' | 'workspaces'>) => Promise<Result>,
): Promise<Result> {
  return await withStores(options, work);
}

/** Lends what people think of summaries to `work`, and lets go of the database. Throws SchemaBehindError. */
export async function withFeedback<Result>(
  options: Omit<Parameters<typeof connectDatabase>[0], 'encryptionKey'>,
  work: (feedback: Ports['feedback']) => Promise<Result>,
): Promise<Result> {
  // Nor is a token here.
  const keyless = { ...options, encryptionKey: randomBytes(32) };
  return await withStores(keyless, ({ feedback }) => work(feedback));
}

async function withStores<Result>(
  options: Parameters<typeof connectDatabase>[0],
  work: (stores: Database['stores']) => Promise<Result>,
): Promise<Result> {
  const database = await connectDatabase(options);
  try {
    if (await database.isBehind()) {
      throw new SchemaBehindError('The database schema is behind. Run "cortex migrate" first.');
    }
    return await work(database.stores);
  } finally {
    await database.close();
  }
}

export interface ExamineAppOptions {
  config: Config;
  log: Log;
  version: string;
  workspaceId: WorkspaceId | null;
  channelId: ChannelId | null;
}

/** Looks at everything that the configuration names, beside running processes; changes and starts nothing. */
export async function examineApp({ config, log, version, ...place }: ExamineAppOptions): Promise<HealthFinding[]> {
  const found: HealthFinding[] = [];
  const database = await connectDatabase({ ...config.database, log }).catch((error: unknown) => {
    if (!(error instanceof AppError)) throw error;
    found.push(databaseAwayFinding(error.message));
    return null;
  });
  const { encryptionKey } = config.database;
  const open = database ?? (await withoutDatabase({ encryptionKey, log }));
  const coordination = createCoordination(config.redis.url, log);
  const registry = createMetrics(version);
  const redaction = { salt: randomBytes(16).toString('hex') };
  const logReader = createLogThreads({ log, metrics: registry.metrics, redaction, threads: 1 });
  const models = createModels(config.models, { log });
  const { ports, slack } = assemblePorts(config, { log, database: open, registry, coordination, logReader, models });
  try {
    await coordination.connect();
    await untilConnected(ports.queue);
    // What cannot be read is told by the checks of the database.
    await ports.githubServers.load().catch(() => {});
    const patient = { ...place, isAll: true, neededScopes: SCOPES };
    const options = { withinMs: EXAMINE_WITHIN_MS, hasDatabase: database !== null };
    return [...found, ...(await examine(ports, patient, options))];
  } finally {
    await Promise.all([slack.stop(), ports.queue.close(0), coordination.close(), logReader.close()]);
    await open.close();
  }
}

/** A connection that was opened just now takes a moment. */
async function untilConnected(queue: Ports['queue']): Promise<void> {
  const giveUpAt = Date.now() + CONNECT_MS;
  while (!(await queue.isHealthy()) && Date.now() < giveUpAt) await sleep(CONNECT_STEP_MS);
}

const CONNECT_MS = 3_000;
const CONNECT_STEP_MS = 50;
/** Nobody clicks meanwhile, so what is slow may answer. */
const EXAMINE_WITHIN_MS = 8_000;
