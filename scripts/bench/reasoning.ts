import { randomBytes, randomUUID } from 'node:crypto';
import OpenAI from 'openai';
import { createReasoner, type ReasonInput } from '../../src/analysis/reason.ts';
import { createRedactor } from '../../src/analysis/redact.ts';
import { connectDatabase, type Database } from '../../src/db/database.ts';
import { RepositoryName, RunId, WorkspaceId } from '../../src/domain/ids.ts';
import type { Log } from '../../src/domain/ports.ts';
import { NO_CONTEXT, type SpendingLimits, USUAL_REASONING } from '../../src/domain/reasoning.ts';
import { createModels } from '../../src/llm/models.ts';
import { startPostgres } from '../../tests/support/postgres.ts';
import { type Bench, judge, median, percentile, startBar, table } from './bench.ts';
import { beginEvenly, type Paced } from './pace.ts';
import { type StandIn, startStandIn, USAGE } from './model-stand-in.ts';

const ANALYSES = 1000;
const CONCURRENCY = 50;
const LATENCY_MS = 300;
/** So that so many are under way at once. */
const EVERY_MS = LATENCY_MS / CONCURRENCY;
/** One request in twenty: 5 %. */
const FAULT_EVERY = 20;
/** Dollars for a million tokens, so that a call costs a round sum. */
const PRICE = { input: 1, output: 5, cacheWrite: 1 };
const COST_MICRO_USD = USAGE.prompt_tokens * PRICE.input + USAGE.completion_tokens * PRICE.output;
const ADDED_P50_MS = 5;

const LOG = Array.from({ length: 60 }, (_, index) =>
  index === 40 ? 'Error: expected 2, got 3' : `step ${index} of the build prints a line of usual length, and goes on`,
);
const ANSWER = {
  headline: 'The build expects 2 and gets 3',
  cause: 'The step compares two numbers that differ.',
  nextStep: 'Compare the numbers where they are made.',
  evidence: [{ number: 40, text: LOG[40] ?? '' }],
};
const PLENTY: SpendingLimits = { monthlyBudgetUsd: 1_000_000, callsPerHour: 1_000_000 };
const SILENT: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => SILENT };

/** What routing, budgets and checks add to a bare call of the SDK, and whether money and answers are kept exactly. */
export const reasoning: Bench = {
  name: 'reasoning',
  summary: '1,000 analyses, 50 at once: what the router adds to a bare call, calls, budget',
  async run() {
    const postgres = await startPostgres();
    const url = postgres?.url ?? null;
    const database = await connectDatabase({ url, dataDir: 'memory://', encryptionKey: randomBytes(32), log: SILENT });
    const standIn = await startStandIn(ANSWER, LATENCY_MS);
    try {
      await database.migrate();
      return await measure(database, standIn);
    } finally {
      await standIn.close();
      await database.close();
      await postgres?.stop();
    }
  },
};

async function measure(database: Database, standIn: StandIn): Promise<string> {
  const bar = startBar('Analysing', ANALYSES * 3);
  const progress = (from: number) => (done: number) => bar.update(from + done);
  await warmUp(database, standIn);
  await standIn.reset(0);
  const bare = await beginEvenly(() => askBare(standIn), { total: ANALYSES, everyMs: EVERY_MS, onEnd: progress(0) });
  const clean = await analyses(database, standIn, { limits: PLENTY, faultEvery: 0, onProgress: progress(ANALYSES) });
  const faulty = await analyses(database, standIn, {
    limits: PLENTY,
    faultEvery: FAULT_EVERY,
    onProgress: progress(ANALYSES * 2),
  });
  bar.stop();
  const added = median(clean.times) - median(bare.times);
  const rows = [
    ['', 'p50 ms', 'p99 ms', 'at once', 'calls', 'needed', 'by model', 'lost'],
    [
      'the bare call of the SDK',
      fixed(median(bare.times)),
      fixed(percentile(bare.times, 0.99)),
      String(bare.most),
      String(ANALYSES),
      String(ANALYSES),
      '',
      '',
    ],
    row('analyses, no faults', clean),
    row('analyses, 5 % faults', faulty),
  ];
  const share = await exhaust(database, standIn);
  return [
    `  ${database.description}; the model answers after ${LATENCY_MS} ms; one begins every ${EVERY_MS} ms\n`,
    table(rows),
    `  added to the bare call at p50: ${fixed(added)} ms, ${judge(added, { most: ADDED_P50_MS })}; at p99: ${fixed(percentile(clean.times, 0.99) - percentile(bare.times, 0.99))} ms\n`,
    `  spent as paid, to the millionth of a dollar: ${clean.isExact && faulty.isExact ? 'yes' : 'NO'}\n`,
    share,
  ].join('');
}

/** A server has long compiled its code and opened its connections when a run fails. */
async function warmUp(database: Database, standIn: StandIn): Promise<void> {
  await beginEvenly(() => askBare(standIn), { total: ANALYSES / 2, everyMs: EVERY_MS, onEnd: () => {} });
  await analyses(database, standIn, { limits: PLENTY, faultEvery: 0, onProgress: () => {} });
}

interface Outcome extends Paced {
  calls: number;
  needed: number;
  byModel: number;
  lost: number;
  isExact: boolean;
  spentMicroUsd: number;
}

async function analyses(
  { stores }: Database,
  standIn: StandIn,
  {
    limits,
    faultEvery,
    onProgress,
  }: { limits: SpendingLimits; faultEvery: number; onProgress: (done: number) => void },
): Promise<Outcome> {
  const workspaceId = WorkspaceId.parse(`T${randomBytes(6).toString('hex').toUpperCase()}`);
  const models = createModels(
    {
      claude: null,
      ollama: null,
      gpt: { apiKey: 'bench', baseUrl: standIn.url },
      deadlineMs: 60_000,
      streaming: false,
      effort: 'low',
      limits,
      prices: { bench: PRICE },
      routes: { small: [{ provider: 'gpt', model: 'bench' }], large: [] },
    },
    { log: SILENT },
  );
  const reason = createReasoner({ models, calls: stores.modelCalls, clock: { now: () => new Date() }, log: SILENT });
  await standIn.reset(faultEvery);
  let [byModel, answered] = [0, 0];
  const settlements: Array<Promise<void>> = [];
  const act = async (index: number): Promise<void> => {
    const { authorship, settled } = await reason(anInput(workspaceId, index, limits));
    settlements.push(settled);
    answered += 1;
    if (authorship.provider === 'gpt') byModel += 1;
  };
  const { times, most } = await beginEvenly(act, { total: ANALYSES, everyMs: EVERY_MS, onEnd: onProgress });
  await Promise.all(settlements);
  const { requests, faults } = await standIn.count();
  const { spentMicroUsd, reservedMicroUsd } = await stores.modelCalls.usage(workspaceId, new Date());
  const paid = requests - faults;
  return {
    times,
    most,
    calls: requests,
    needed: byModel + faults,
    byModel,
    lost: ANALYSES - answered,
    isExact: spentMicroUsd === paid * COST_MICRO_USD && reservedMicroUsd === 0,
    spentMicroUsd,
  };
}

/** A budget that ends before the analyses do. */
async function exhaust(database: Database, standIn: StandIn): Promise<string> {
  const budgetMicroUsd = ANALYSES * 0.4 * COST_MICRO_USD;
  const limits = { monthlyBudgetUsd: budgetMicroUsd / 1_000_000, callsPerHour: 1_000_000 };
  const { spentMicroUsd, byModel, lost, isExact } = await analyses(database, standIn, {
    limits,
    faultEvery: 0,
    onProgress: () => {},
  });
  const used = (100 * spentMicroUsd) / budgetMicroUsd;
  return `  a budget for ${ANALYSES * 0.4} calls: ${byModel} made, ${fixed(used)} % spent, never more: ${
    spentMicroUsd <= budgetMicroUsd && isExact ? 'yes' : 'NO'
  }; the other analyses are offline, ${lost} lost\n`;
}

const FINDINGS: Omit<ReasonInput['findings'], 'excerpt' | 'evidence'> = {
  category: 'test',
  verdict: { kind: 'new', reasons: ['Nothing is known about earlier runs'] },
  facts: {
    failingTests: [],
    problems: [],
    exitCode: 1,
    failedStep: 'Test',
    failedCommand: 'make',
    tool: 'make',
    ecosystem: 'c',
  },
};

function anInput(workspaceId: WorkspaceId, index: number, limits: SpendingLimits): ReasonInput {
  const excerpt = LOG.map((text, at) => ({ jobId: null, line: at + 1, step: null, stepLine: null, text }));
  return {
    findings: { ...FINDINGS, excerpt, evidence: excerpt.slice(40, 41) },
    run: null,
    context: NO_CONTEXT,
    history: null,
    settings: USUAL_REASONING,
    limits,
    scope: {
      workspaceId,
      repository: RepositoryName.parse('acme/shop'),
      runId: RunId.parse(index + 1),
      attempt: 1,
      revision: 0,
      logDigest: String(index),
      fingerprint: `v2:${index}`,
    },
    wants: {},
    reusable: null,
    redactor: createRedactor({ salt: 'bench', secrets: [] }),
    mark: randomUUID(),
    signal: new AbortController().signal,
    deadlineMs: 60_000,
  };
}

let client: OpenAI | null = null;

async function askBare({ url }: StandIn): Promise<void> {
  client ??= new OpenAI({ apiKey: 'bench', baseURL: url, maxRetries: 0 });
  const content = LOG.join('\n').repeat(2);
  await client.chat.completions.create({ model: 'bench', messages: [{ role: 'user', content }] });
}

function row(name: string, { times, most, calls, needed, byModel, lost }: Outcome): string[] {
  return [
    name,
    fixed(median(times)),
    fixed(percentile(times, 0.99)),
    ...[most, calls, needed, byModel, lost].map(String),
  ];
}

function fixed(figure: number): string {
  return figure.toFixed(1);
}
