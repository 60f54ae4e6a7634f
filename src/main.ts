#!/usr/bin/env node
import { Command, Option } from 'commander';
import type { App } from './app.ts';
import { toChannel, toLines, toPort, toWorkspace } from './cli/arguments.ts';
import { printFindings } from './cli/doctor.ts';
import { wantedColour } from './cli/colour.ts';
import { exportFeedback } from './cli/export-feedback.ts';
import { addSetup, type SetupArguments } from './cli/setup-github.ts';
import { redactInput } from './cli/redact-input.ts';
import { packageFolder, readVersion } from './cli/package-folder.ts';
import { addSourceCommands } from './cli/source-commands.ts';
import type { SourceStores } from './cli/sources.ts';
import { stop, stopOnSignal } from './cli/stop.ts';
import { explain, interruption, random, redactorOfLogs, WRONG_USE } from './cli/shell.ts';
import { heldSecrets, loadConfig, loadDatabaseUrl, loadIngest, loadModels } from './config.ts';
import type { ChannelId, WorkspaceId } from './domain/ids.ts';
import type { Log } from './domain/ports.ts';
import { MODEL_PROVIDERS } from './domain/reasoning.ts';
import { configurationProblem } from './messages/doctor/platform-words.ts';
import { AppError, ConfigError } from './errors.ts';
import { createLogger } from './logger.ts';
import type { ProcessRoleName } from './processes.ts';
import { summarize, type SummarizeArguments } from './summarize.ts';

/** What a shell says of Ctrl-C. */
const INTERRUPTED = 130;

const version = readVersion();
// Not commander's own default command: that one would take any misspelt word for its argument.
const words = process.argv.slice(2);
await createProgram().parseAsync(words.length === 0 ? ['all'] : words, { from: 'user' });

function createProgram(): Command {
  const program = new Command('cortex')
    .description('Explains failed CI runs in Slack.')
    .version(version)
    .showHelpAfterError('("cortex --help" shows what there is)')
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : WRONG_USE));
  addRoles(program);
  addTools(program);
  addSetup(program, (options) => end(setUp(options)));
  addSourceCommands(program, (work) => end(manageSources(work)));
  program
    .command('demo')
    .description('play a day of failures against a local Slack and a local GitHub')
    .option('--exit', 'print the final threads and end; exit code 0 only if each says what it should', false)
    .option('--port <port>', 'port of the page; without it, any that is free', toPort)
    .action((options: { exit: boolean; port?: number }) => end(runDemo(options)));
  return program;
}

function addRoles(program: Command): void {
  const roles: ReadonlyArray<[ProcessRoleName, string]> = [
    ['all', 'web and worker in one process (default)'],
    ['web', 'take webhooks, commands and clicks; needs DATABASE_URL and REDIS_URL'],
    ['worker', 'do the work; needs DATABASE_URL and REDIS_URL'],
  ];
  for (const [role, description] of roles) {
    program
      .command(role)
      .description(description)
      .action(() => runRole(role));
  }
  program
    .command('ingest')
    .description('take webhooks at the edge and hand them on; needs INGEST_CORE_URL and INGEST_KEY')
    .action(() => runIngest());
  program
    .command('migrate')
    .description('bring the database schema up to date')
    .action(() => end(runMigrations()));
}

function addTools(program: Command): void {
  program
    .command('doctor')
    .description('check configuration, database, queue, Slack, GitHub and models; exit code 1 where there is a problem')
    .option('--workspace <id>', 'also what this Slack workspace has granted and linked', toWorkspace)
    .option('--channel <id>', 'also why this channel of it hears of something or does not', toChannel)
    .action((options: DoctorArguments) => end(examineAll(options)));
  program
    .command('summarize')
    .description("explain a log, or the archive of a run's logs, without Slack and GitHub")
    .requiredOption('--log <file>', 'the log, plain or gzip, or the zip archive of a run; "-" reads standard input')
    .option('--passing <file>', 'a log of the same job, or of the same run, in which all went well')
    .option('--json', 'print the diagnosis as JSON', false)
    .option('--max-lines <number>', 'lines of the excerpt at most, and of the evidence', toLines)
    .addOption(new Option('--model <model>', 'who writes the sentences').choices([...MODEL_PROVIDERS, 'offline']))
    .action((options: SummarizeArguments) => end(explainLog(options)));
  program
    .command('redact')
    .description(
      'remove secrets and personal data from standard input, plain or gzip; counts by kind on standard error',
    )
    .action(() => end(redact()));
  program
    .command('feedback')
    .description('write the summaries that people judged as reference data for the evaluation')
    .requiredOption('--workspace <id>', 'the Slack workspace, or the enterprise of an org-wide install', toWorkspace)
    .requiredOption('--out <dir>', 'gets a folder "feedback"; outside of this repository')
    .action((options: { workspace: WorkspaceId; out: string }) => end(writeFeedback(options)));
}

async function manageSources(work: (stores: SourceStores) => Promise<number>): Promise<number> {
  const config = orExplain(() => loadConfig(process.env));
  const redact = redactorOfLogs(heldSecrets(config));
  const log = createLogger({ level: 'warn', version, redact, stream: process.stderr });
  const { withSources } = await loadMaintenance();
  return await withSources({ ...config.database, log }, work);
}

interface DoctorArguments {
  workspace?: WorkspaceId;
  channel?: ChannelId;
}

/** Of a configuration that cannot be read nothing can be asked, so what is wrong with it is all that is said. */
async function examineAll({ workspace, channel }: DoctorArguments): Promise<number> {
  const { stdout, stderr } = process;
  try {
    const config = loadConfig(process.env);
    const log = createLogger({ level: 'error', version, redact: redactorOfLogs(heldSecrets(config)), stream: stderr });
    const { examineApp } = await loadMaintenance();
    const place = { workspaceId: workspace ?? null, channelId: channel ?? null };
    return printFindings(await examineApp({ config, log, version, ...place }), { stdout });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return printFindings(error.problems.map(configurationProblem), { stdout });
  }
}

async function runRole(role: ProcessRoleName): Promise<void> {
  const config = orExplain(() => loadConfig(process.env));
  if (role !== 'all' && config.database.url === null) {
    explain(
      `"cortex ${role}" shares its work with other processes: set DATABASE_URL and REDIS_URL, or run "cortex all".`,
    );
    process.exit(WRONG_USE);
  }
  const log = createLogger({ level: config.logLevel, version, redact: redactorOfLogs(heldSecrets(config)) });
  const building = import('./app.ts').then(({ createApp }) => createApp({ config, role, log, version }));
  await run(building, { log, graceMs: config.work.stopGraceMs });
}

async function runIngest(): Promise<void> {
  const config = orExplain(() => loadIngest(process.env));
  const log = createLogger({ level: config.logLevel, version, redact: redactorOfLogs(config.secrets) });
  const building = import('./ingest-app.ts').then(({ createIngestApp }) => createIngestApp({ config, log, version }));
  await run(building, { log, graceMs: config.stopGraceMs });
}

async function run(building: Promise<App>, { log, graceMs }: { log: Log; graceMs: number }): Promise<void> {
  const stopping = stopOnSignal(building, { log, graceMs });
  try {
    const app = await building;
    await app.start();
  } catch (error) {
    if (stopping.aborted) return; // the stop ends the process
    log.error({ error }, 'Start failed');
    explain(
      error instanceof AppError ? `${error.message} (error id ${error.id})` : 'The start failed; the log says why.',
    );
    await stop(building, { log, graceMs });
    process.exit(1);
  }
}

/** Slack, databases and queues take a second to load, and the tools for logs need none of them. */
function loadMaintenance(): Promise<typeof import('./maintenance.ts')> {
  return import('./maintenance.ts');
}

async function runMigrations(): Promise<number> {
  const database = orExplain(() => loadDatabaseUrl(process.env));
  const log = createLogger({ level: 'info', version, redact: redactorOfLogs([]) });
  const { migrate } = await loadMaintenance();
  await migrate({ ...database, log });
  log.info({}, 'The schema is up to date');
  return 0;
}

async function setUp(options: SetupArguments): Promise<number> {
  const { env: environment, stdout, stderr } = process;
  const log = createLogger({ level: 'warn', version, redact: redactorOfLogs([]), stream: stderr });
  const { setUpGitHub } = await import('./setup.ts');
  try {
    return await setUpGitHub(options, { environment, log, version, stdout, stderr, signal: interruption() });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    explain(error.message);
    return WRONG_USE;
  }
}

function explainLog(options: SummarizeArguments): Promise<number> {
  const config = orExplain(() => loadModels(process.env));
  return summarize(options, { config, version, ...wantedColour(process.env) });
}

function redact(): Promise<number> {
  const { stdin, stdout, stderr } = process;
  return redactInput({ stdin, stdout, stderr, redaction: { salt: random() }, signal: interruption() });
}

async function writeFeedback({ workspace, out }: { workspace: WorkspaceId; out: string }): Promise<number> {
  const database = orExplain(() => loadDatabaseUrl(process.env));
  // On standard error: what stands on standard output is the answer.
  const log = createLogger({ level: 'warn', version, redact: redactorOfLogs([]), stream: process.stderr });
  const { withFeedback } = await loadMaintenance();
  const { stdout, stderr } = process;
  const signal = interruption();
  const shared = { workspaceId: workspace, out, repository: packageFolder(), salt: random(), stdout, stderr, signal };
  const exported = withFeedback({ ...database, log }, (feedback) => exportFeedback({ ...shared, feedback }));
  return exported.catch((error: unknown) => {
    if (!signal.aborted) throw error;
    return INTERRUPTED;
  });
}

async function runDemo(options: { exit: boolean; port?: number }): Promise<number> {
  // A build has neither the pages nor the logs of the sandbox.
  if (!import.meta.url.endsWith('.ts')) {
    explain('The demo is part of the source checkout: run "npm run demo" there.');
    return WRONG_USE;
  }
  const { runDemo: play } = await import('./sandbox/demo.ts');
  return play({
    exit: options.exit,
    stdout: process.stdout,
    stderr: process.stderr,
    ...(options.port ? { openPort: options.port } : {}),
  });
}

async function end(work: Promise<number>): Promise<void> {
  try {
    process.exitCode = await work;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    explain(`${error.message} (error id ${error.id})`);
    process.exitCode = 1;
  }
}

function orExplain<T>(load: () => T): T {
  try {
    return load();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    explain(`${error.message}\nNothing was started. docs/configuration.md explains every variable.`);
    return process.exit(WRONG_USE);
  }
}
