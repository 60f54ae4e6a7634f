import { z } from 'zod';
import type { Log, Ports } from '../domain/ports.ts';
import { type Connection, openEmbedded, openPostgres, preparePostgres } from './connection.ts';
import { createVault } from './encryption.ts';
import { connectError, translateError, withTranslatedErrors } from './errors.ts';
import { createCiReportStore } from './stores/ci-report.ts';
import { createCiSourceStore } from './stores/ci-source.ts';
import { createEventStore } from './stores/event.ts';
import { createAuditStore, createFailureActionStore } from './stores/failure-action.ts';
import { createFailureStore } from './stores/failure.ts';
import { createFeedbackStore } from './stores/feedback.ts';
import { createGitHubAnswerStore } from './stores/github-answer.ts';
import { createGitHubAppStore } from './stores/github-app.ts';
import { createGroupStore } from './stores/group.ts';
import { createHappeningStore } from './stores/happening.ts';
import { createInstallationStore } from './stores/installation.ts';
import { createIntake } from './stores/intake.ts';
import { createJobStore } from './stores/job.ts';
import { createIssueStore } from './stores/issue.ts';
import { createMergeStore } from './stores/merge.ts';
import { createModelCallStore } from './stores/model-call.ts';
import { createMuteStore } from './stores/mute.ts';
import { createOverviewStore } from './stores/overview.ts';
import { createPostStore } from './stores/post.ts';
import { createRerunStore } from './stores/rerun.ts';
import { createRoundupStore } from './stores/roundup.ts';
import { createRuleFileStore } from './stores/rule-file.ts';
import { createRunStore } from './stores/run.ts';
import { createSettingStore } from './stores/setting.ts';
import { createSpentTokenStore } from './stores/spent-token.ts';
import { createSubscriptionStore } from './stores/subscription.ts';
import { createSummaryStore } from './stores/summary.ts';
import { createThreadStore } from './stores/thread.ts';
import { createAccountStore } from './stores/account.ts';
import { createVitalStore } from './stores/vital.ts';
import { createUserStore } from './stores/user.ts';
import { createWorkspaceStore } from './stores/workspace.ts';

/** Everything that is kept in the database. */
export type Stores = Pick<
  Ports,
  | 'intake'
  | 'events'
  | 'jobs'
  | 'workspaces'
  | 'installations'
  | 'runs'
  | 'happenings'
  | 'summaries'
  | 'failures'
  | 'subscriptions'
  | 'threads'
  | 'posts'
  | 'overview'
  | 'users'
  | 'accounts'
  | 'modelCalls'
  | 'feedback'
  | 'settings'
  | 'failureActions'
  | 'audit'
  | 'merges'
  | 'issues'
  | 'reruns'
  | 'mutes'
  | 'roundups'
  | 'vitals'
  | 'groups'
  | 'ruleFiles'
  | 'spentTokens'
  | 'ciSources'
  | 'ciReports'
  | 'githubAnswers'
  | 'githubApps'
>;

export interface Database {
  /** What is behind it, for one log line. */
  readonly description: string;
  readonly stores: Stores;
  /** Brings the schema up to date; many processes may call it at once. */
  migrate(): Promise<void>;
  /** Whether a migration of this version was not run yet. Throws DatabaseUnavailableError. */
  isBehind(): Promise<boolean>;
  /** Never throws, and answers within 2 s. */
  isHealthy(): Promise<boolean>;
  /** Waits for deliveries in flight, then lets go of the server or the folder. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** `postgres://…`, or null for the embedded database. */
  url: string | null;
  /** Where the embedded database keeps its files; `memory://` keeps none. */
  dataDir: string;
  /** 32 bytes. */
  encryptionKey: Buffer;
  log: Log;
}

const HEALTH_TIMEOUT_MS = 2000;

/** Opens the database without touching its schema. Throws DataFolderLockedError or DatabaseUnavailableError. */
export async function connectDatabase({ url, dataDir, encryptionKey, log }: DatabaseOptions): Promise<Database> {
  const connection = url === null ? await openFolder(dataDir, log) : await openServer(url, log);
  return createDatabase(connection, encryptionKey);
}

/** Stores that reject everything, for whoever has other things to ask while the database is away. */
export async function withoutDatabase({
  encryptionKey,
  log,
}: Omit<DatabaseOptions, 'url' | 'dataDir'>): Promise<Database> {
  return createDatabase(await preparePostgres(NOWHERE, log), encryptionKey);
}

/** A port on which no database listens. Nothing is asked there but by mistake. */
const NOWHERE = 'postgres://127.0.0.1:1/none';

async function openFolder(dataDir: string, log: Log): Promise<Connection> {
  try {
    return await openEmbedded(dataDir, log);
  } catch (error) {
    throw translateError(error);
  }
}

async function openServer(url: string, log: Log): Promise<Connection> {
  try {
    return await openPostgres(url, log);
  } catch (error) {
    throw connectError(error, url);
  }
}

/** Builds the stores on an open connection, which `close` then closes. */
export function createDatabase(connection: Connection, encryptionKey: Buffer): Database {
  const { em } = connection.orm;
  const vault = createVault(encryptionKey);
  const deliveries = createIntake(connection.intakeStatements);
  return {
    description: connection.description,
    stores: {
      intake: withTranslatedErrors(deliveries.intake),
      events: withTranslatedErrors(createEventStore(em, connection.statements)),
      jobs: withTranslatedErrors(createJobStore(connection.statements)),
      workspaces: withTranslatedErrors(createWorkspaceStore(em, vault)),
      installations: withTranslatedErrors(createInstallationStore(em)),
      runs: withTranslatedErrors(createRunStore(em)),
      happenings: withTranslatedErrors(createHappeningStore(em)),
      overview: withTranslatedErrors(createOverviewStore(em)),
      summaries: withTranslatedErrors(createSummaryStore(em)),
      failures: withTranslatedErrors(createFailureStore(em)),
      subscriptions: withTranslatedErrors(createSubscriptionStore(em)),
      threads: withTranslatedErrors(createThreadStore(em)),
      posts: withTranslatedErrors(createPostStore(em)),
      users: withTranslatedErrors(createUserStore(em)),
      accounts: withTranslatedErrors(createAccountStore(em)),
      modelCalls: withTranslatedErrors(createModelCallStore(connection.statements)),
      feedback: withTranslatedErrors(createFeedbackStore(connection.statements)),
      settings: withTranslatedErrors(createSettingStore(connection.statements)),
      failureActions: withTranslatedErrors(createFailureActionStore(em)),
      audit: withTranslatedErrors(createAuditStore(em)),
      merges: withTranslatedErrors(createMergeStore(em)),
      issues: withTranslatedErrors(createIssueStore(em)),
      reruns: withTranslatedErrors(createRerunStore(em)),
      mutes: withTranslatedErrors(createMuteStore(em)),
      roundups: withTranslatedErrors(createRoundupStore(em)),
      vitals: withTranslatedErrors(createVitalStore(connection)),
      groups: withTranslatedErrors(createGroupStore(em)),
      spentTokens: withTranslatedErrors(createSpentTokenStore(em, connection.statements)),
      githubApps: withTranslatedErrors(createGitHubAppStore(em, vault)),
      ruleFiles: withTranslatedErrors(createRuleFileStore(em)),
      ciSources: withTranslatedErrors(createCiSourceStore(em, createVault(encryptionKey))),
      githubAnswers: withTranslatedErrors(createGitHubAnswerStore(em)),
      ciReports: withTranslatedErrors(createCiReportStore(em)),
    },
    migrate: () => migrate(connection),
    isBehind: () => isBehind(connection),
    isHealthy: () => isHealthy(connection),
    async close() {
      await deliveries.settle();
      await connection.close();
    },
  };
}

async function migrate(connection: Connection): Promise<void> {
  try {
    await connection.alone(() => connection.orm.migrator.up());
  } catch (error) {
    throw translateError(error);
  }
}

async function isBehind({ orm }: Connection): Promise<boolean> {
  try {
    return (await orm.migrator.getPending()).length > 0;
  } catch (error) {
    throw translateError(error);
  }
}

async function isHealthy({ statements }: Connection): Promise<boolean> {
  const { promise: tooLate, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), HEALTH_TIMEOUT_MS);
  const answer = statements.query(z.unknown(), 'select 1', []).then(
    () => true,
    () => false,
  );
  const healthy = await Promise.race([answer, tooLate]);
  clearTimeout(timer);
  return healthy;
}
