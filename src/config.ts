import { z } from 'zod';
import { arrangeIngest, INGEST_VARIABLES } from './config-ingest.ts';
import { arrangeModels, checkModels, MODEL_VARIABLES, modelSecrets } from './config-models.ts';
import {
  CommaList,
  EncryptionKey,
  InstallationLink,
  Milliseconds,
  PrivateKey,
  Secret,
  ServiceUrl,
} from './config-values.ts';
import { ConfigError } from './errors.ts';

/** Every variable that is read, with its rule and default. `.env.example` and docs/configuration.md are tested against it. */
const Variables = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  HOST: z.string().default('0.0.0.0'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  PUBLIC_URL: ServiceUrl.optional(),
  LOG_LEVEL: z.enum(['error', 'warn', 'info', 'debug']).default('info'),
  METRICS_TOKEN: Secret.optional(),

  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/u }).optional(),
  REDIS_URL: z.url({ protocol: /^rediss?$/u }).optional(),
  DATA_DIR: z.string().min(1).default('.cortex'),
  TOKEN_ENCRYPTION_KEY: EncryptionKey,

  SLACK_SIGNING_SECRET: Secret,
  SLACK_CLIENT_ID: z.string().min(1),
  SLACK_CLIENT_SECRET: Secret,
  SLACK_STATE_SECRET: Secret,
  SLACK_API_URL: ServiceUrl.default('https://slack.com/api/'),
  SLACK_AUTHORIZE_URL: ServiceUrl.default('https://slack.com/oauth/v2/authorize'),
  CHANNEL_MESSAGES: z.coerce.number().int().min(1).max(1000).default(10),

  GITHUB_APP_ID: z.coerce.number().int().positive().optional(),
  GITHUB_PRIVATE_KEY: PrivateKey.optional(),
  GITHUB_WEBHOOK_SECRET: Secret.optional(),
  GITHUB_WEBHOOK_SECRET_PREVIOUS: Secret.optional(),
  GITHUB_CLIENT_ID: z.string().min(1).max(100).optional(),
  GITHUB_CLIENT_SECRET: Secret.optional(),
  GITHUB_API_URL: ServiceUrl.default('https://api.github.com'),
  GITHUB_WEB_URL: ServiceUrl.default('https://github.com'),
  GITHUB_LOG_HOSTS: CommaList.default([]),
  GITHUB_INSTALLATION_LINKS: CommaList.pipe(z.array(InstallationLink)).default([]),

  ...INGEST_VARIABLES,
  ...MODEL_VARIABLES,

  WORKER_CONCURRENCY: z.coerce.number().int().min(1).max(64).default(4),
  LOG_THREADS: z.coerce.number().int().min(1).max(16).default(1),
  JOB_LEASE_MS: Milliseconds.default(12_000),
  SWEEP_INTERVAL_MS: Milliseconds.default(5_000),
  STOP_GRACE_MS: Milliseconds.default(20_000),
  JOB_RETENTION_DAYS: z.coerce.number().int().min(1).max(3650).default(14),
  EVENT_RETENTION_DAYS: z.coerce.number().int().min(1).max(3650).default(30),
});
type Variables = z.infer<typeof Variables>;

/** The time in which a channel takes that many failures of their own. */
const ROOM_MS = 5 * 60_000;

const EMBEDDED = ' is required in production: the embedded one is for trials on one machine';

/** Rules over more than one variable; they look at what is set, so that they are reported beside every other mistake. */
function crossChecks(set: Record<string, string>): string[] {
  return [...checkServices(set), ...checkGitHubApp(set), ...checkIngest(set)];
}

function checkIngest(set: Record<string, string>): string[] {
  if (!('INGEST_KEY_PREVIOUS' in set) || 'INGEST_KEY' in set) return [];
  return ['INGEST_KEY is missing: INGEST_KEY_PREVIOUS is the one before it'];
}

const APP_VARIABLES = ['GITHUB_APP_ID', 'GITHUB_PRIVATE_KEY', 'GITHUB_WEBHOOK_SECRET'] as const;

/** The App stands here as a whole, or it is one that was set up with `cortex setup github`. */
function checkGitHubApp(set: Record<string, string>): string[] {
  const missing = APP_VARIABLES.filter((name) => !(name in set));
  const isPart = missing.length > 0 && missing.length < APP_VARIABLES.length;
  const unsigned = ['GITHUB_CLIENT_ID', 'GITHUB_CLIENT_SECRET'].filter((name) => !(name in set));
  return [
    ...(isPart ? missing.map((name) => `${name} is required beside the other keys of the GitHub App`) : []),
    ...(unsigned.length === 1
      ? [`${unsigned[0]} is missing: set both GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET, or neither`]
      : []),
  ];
}

function checkServices(set: Record<string, string>): string[] {
  const missing = ['DATABASE_URL', 'REDIS_URL'].filter((name) => !(name in set));
  if (set['NODE_ENV'] === 'production') return missing.map((name) => name + EMBEDDED);
  if (missing.length !== 1) return [];
  return [
    `${missing[0]} is missing: set both DATABASE_URL and REDIS_URL, or neither for the embedded database and queue`,
  ];
}

function arrange(env: Variables) {
  return {
    production: env.NODE_ENV === 'production',
    http: {
      host: env.HOST,
      port: env.PORT,
      publicUrl: env.PUBLIC_URL ?? null,
      metricsToken: env.METRICS_TOKEN ?? null,
    },
    logLevel: env.LOG_LEVEL,
    database: { url: env.DATABASE_URL ?? null, dataDir: env.DATA_DIR, encryptionKey: env.TOKEN_ENCRYPTION_KEY },
    redis: { url: env.REDIS_URL ?? null },
    slack: {
      signingSecret: env.SLACK_SIGNING_SECRET,
      clientId: env.SLACK_CLIENT_ID,
      clientSecret: env.SLACK_CLIENT_SECRET,
      stateSecret: env.SLACK_STATE_SECRET,
      apiUrl: env.SLACK_API_URL,
      authorizeUrl: env.SLACK_AUTHORIZE_URL,
      room: { messages: env.CHANNEL_MESSAGES, withinMs: ROOM_MS },
    },
    github: {
      appId: env.GITHUB_APP_ID ?? null,
      privateKey: env.GITHUB_PRIVATE_KEY ?? null,
      webhookSecrets: webhookSecretsOf(env),
      oauth: signInOf(env),
      apiUrl: env.GITHUB_API_URL,
      webUrl: env.GITHUB_WEB_URL,
      logHosts: env.GITHUB_LOG_HOSTS,
      links: env.GITHUB_INSTALLATION_LINKS,
    },
    ingest: arrangeIngest(env),
    models: arrangeModels(env),
    work: {
      concurrency: env.WORKER_CONCURRENCY,
      logThreads: env.LOG_THREADS,
      leaseMs: env.JOB_LEASE_MS,
      sweepIntervalMs: env.SWEEP_INTERVAL_MS,
      stopGraceMs: env.STOP_GRACE_MS,
      retention: { jobsDays: env.JOB_RETENTION_DAYS, eventsDays: env.EVENT_RETENTION_DAYS },
    },
  };
}

function webhookSecretsOf(env: Pick<Variables, 'GITHUB_WEBHOOK_SECRET' | 'GITHUB_WEBHOOK_SECRET_PREVIOUS'>): string[] {
  return [env.GITHUB_WEBHOOK_SECRET, env.GITHUB_WEBHOOK_SECRET_PREVIOUS].filter((secret) => secret !== undefined);
}

/** With what people authorize the GitHub App; null where that is not set up. */
function signInOf({ GITHUB_CLIENT_ID: clientId, GITHUB_CLIENT_SECRET: clientSecret }: Variables) {
  return clientId === undefined || clientSecret === undefined ? null : { clientId, clientSecret };
}

/** Everything that is configured, checked once. Passed on in slices. */
export type Config = ReturnType<typeof arrange>;

/** The names of all of them. */
export const CONFIG_VARIABLES: readonly string[] = Object.keys(Variables.shape);

/**
 * Reads the whole environment. An empty variable counts as not set. Throws ConfigError with one line per mistake, by
 * variable name; no value is repeated in it.
 */
export function loadConfig(environment: Environment): Config {
  const set = pickSet(environment);
  const result = Variables.safeParse(set);
  const problems = [...crossChecks(set), ...checkModels(set), ...(result.success ? [] : describe(result.error, set))];
  if (!result.success || problems.length > 0) throw new ConfigError(problems);
  return arrange(result.data);
}

/** What `cortex migrate` needs, without asking for the secrets of Slack and GitHub. Throws ConfigError. */
export function loadDatabaseUrl(environment: Environment): { url: string | null; dataDir: string } {
  const set = pickSet(environment);
  const result = Variables.pick({ DATABASE_URL: true, DATA_DIR: true }).safeParse(set);
  if (!result.success) throw new ConfigError(describe(result.error, set));
  return { url: result.data.DATABASE_URL ?? null, dataDir: result.data.DATA_DIR };
}

/** What `cortex setup github --print` needs: no keys of anything. Throws ConfigError. */
export function loadAddresses(environment: Environment) {
  const set = pickSet(environment);
  const names = { PUBLIC_URL: true, GITHUB_API_URL: true, GITHUB_WEB_URL: true, GITHUB_LOG_HOSTS: true } as const;
  const result = Variables.pick(names).safeParse(set);
  if (!result.success) throw new ConfigError(describe(result.error, set));
  const { PUBLIC_URL: publicUrl = null, GITHUB_API_URL: apiUrl, GITHUB_WEB_URL: webUrl } = result.data;
  return { publicUrl, github: { apiUrl, webUrl, logHosts: result.data.GITHUB_LOG_HOSTS } };
}

/** What `cortex summarize --log` needs: the keys of models, if there are any. Throws ConfigError. */
export function loadModels(environment: Environment): Config['models'] {
  const set = pickSet(environment);
  const result = z.object(MODEL_VARIABLES).safeParse(set);
  const problems = [...checkModels(set), ...(result.success ? [] : describe(result.error, set))];
  if (!result.success || problems.length > 0) throw new ConfigError(problems);
  return arrangeModels(result.data);
}

/** Of all variables, those of the edge: it needs no database and no Slack, and INGEST_KEY and INGEST_CORE_URL are required. */
const IngestVariables = Variables.pick({
  HOST: true,
  PORT: true,
  LOG_LEVEL: true,
  METRICS_TOKEN: true,
  GITHUB_WEBHOOK_SECRET_PREVIOUS: true,
  GITHUB_WEB_URL: true,
  STOP_GRACE_MS: true,
  INGEST_SPOOL: true,
}).extend({
  GITHUB_WEBHOOK_SECRET: Secret,
  INGEST_KEY: INGEST_VARIABLES.INGEST_KEY.unwrap(),
  INGEST_CORE_URL: INGEST_VARIABLES.INGEST_CORE_URL.unwrap(),
});

/** What `cortex ingest` needs, without asking for the secrets of Slack and of the GitHub App. Throws ConfigError. */
export function loadIngest(environment: Environment) {
  const set = pickSet(environment);
  const result = IngestVariables.safeParse(set);
  if (!result.success) throw new ConfigError(describe(result.error, set));
  const env = result.data;
  const webhookSecrets = webhookSecretsOf(env);
  const spoolUrl = env.INGEST_SPOOL ?? null;
  const metricsToken = env.METRICS_TOKEN ?? null;
  return {
    http: { host: env.HOST, port: env.PORT, metricsToken },
    logLevel: env.LOG_LEVEL,
    stopGraceMs: env.STOP_GRACE_MS,
    webhookSecrets,
    webUrl: env.GITHUB_WEB_URL,
    key: env.INGEST_KEY,
    coreUrl: env.INGEST_CORE_URL,
    spoolUrl,
    secrets: [metricsToken, passwordOf(spoolUrl), env.INGEST_KEY, ...webhookSecrets].filter(
      (secret) => secret !== null,
    ),
  };
}
export type IngestConfig = ReturnType<typeof loadIngest>;

/** Every secret among them, as text that could stand in a log. */
export function heldSecrets({ http, database, redis, slack, github, ingest, models }: Config): string[] {
  return [
    http.metricsToken,
    passwordOf(database.url),
    database.encryptionKey.toString('base64'),
    passwordOf(redis.url),
    slack.signingSecret,
    slack.clientSecret,
    slack.stateSecret,
    github.privateKey,
    ...github.webhookSecrets,
    github.oauth?.clientSecret,
    ...ingest.keys,
    ...modelSecrets(models),
  ].filter((secret) => typeof secret === 'string');
}

function passwordOf(url: string | null): string | null {
  if (url === null) return null;
  const { password } = new URL(url);
  try {
    return decodeURIComponent(password);
  } catch {
    return password;
  }
}

type Environment = Record<string, string | undefined>;

function pickSet(environment: Environment): Record<string, string> {
  return Object.fromEntries(
    CONFIG_VARIABLES.map((name) => [name, environment[name]?.trim() ?? '']).filter(([, value]) => value !== ''),
  );
}

function describe(error: z.ZodError, set: Record<string, string>): string[] {
  const first = new Map(error.issues.toReversed().map((issue) => [String(issue.path[0]), issue]));
  return [...first].toReversed().map(([name, issue]) => {
    if (!(name in set)) return `${name} is required`;
    return issue.message.startsWith('must ') ? `${name} ${issue.message}` : `${name} is not valid: ${issue.message}`;
  });
}
