import * as prometheus from 'prom-client';
import type { Counter, GapStore, Histogram, JobStore, Metrics } from './domain/ports.ts';

/** Seconds; from a cached answer to the deadline of an analysis. */
const JOB_BUCKETS = [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

const MODEL_LABELS = ['provider', 'model', 'outcome', 'prompt', 'fallback'];

export interface MetricsRegistry {
  metrics: Metrics;
  contentType: string;
  /** The text that `/metrics` serves. */
  render(): Promise<string>;
  /** A gauge that is asked when `/metrics` is read; `read` returns one value per value of `label`. */
  addGauge(gauge: { name: string; help: string; label: string }, read: () => Promise<Record<string, number>>): void;
}

/** What `/metrics` serves to who has the token; without one there is no such page. */
export function metricsPage(token: string | null, registry: MetricsRegistry) {
  if (token === null) return {};
  const render = async () => ({ type: registry.contentType, body: await registry.render() });
  return { metricsPage: { token, render } };
}

/** Every metric by name, on a registry of its own, so that two apps in one process do not meet. */
export function createMetrics(version: string): MetricsRegistry {
  const registry = new prometheus.Registry();
  prometheus.collectDefaultMetrics({ register: registry });
  const build = new prometheus.Gauge({
    name: 'cortex_build',
    help: 'Always 1; the label tells the version.',
    labelNames: ['version'],
    registers: [registry],
  });
  build.set({ version }, 1);

  const counter = (name: string, help: string, labelNames: string[]): Counter => {
    const metric = new prometheus.Counter({ name, help, labelNames, registers: [registry] });
    return { add: (amount, labels = {}) => metric.inc(labels, amount) };
  };
  const histogram = (name: string, help: string, labelNames: string[]): Histogram => {
    const metric = new prometheus.Histogram({ name, help, labelNames, buckets: JOB_BUCKETS, registers: [registry] });
    return { observe: (value, labels = {}) => metric.observe(labels, value) };
  };

  return {
    metrics: {
      deliveries: counter('cortex_deliveries_total', 'Webhook requests by what became of them.', ['event', 'outcome']),
      jobsFinished: counter('cortex_jobs_finished_total', 'Jobs that ended, done or parked.', ['kind', 'outcome']),
      jobsRetried: counter('cortex_jobs_retried_total', 'Jobs that will be tried again.', ['kind', 'code']),
      jobSeconds: histogram('cortex_job_seconds', 'How long one try of a job took.', ['kind']),
      logSeconds: histogram('cortex_log_seconds', 'How long reading one log took, its download included.', ['outcome']),
      logBytes: counter('cortex_log_bytes_total', 'Bytes of logs that were read.', []),
      comparisons: counter('cortex_log_comparisons_total', 'Searches for a passing log to compare with.', ['outcome']),
      analyses: counter('cortex_analyses_total', 'Finished analyses.', ['provider', 'verdict', 'category']),
      limitedAnalyses: counter(
        'cortex_limited_analyses_total',
        'Finished analyses that a limit of GitHub put off, whose messages say so.',
        [],
      ),
      modelCalls: counter('cortex_model_calls_total', 'Questions to models by how they ended.', MODEL_LABELS),
      modelSeconds: histogram('cortex_model_seconds', 'How long one question to a model took.', MODEL_LABELS),
      modelCost: counter('cortex_model_cost_usd_total', 'What models cost, in US dollars.', [
        ...MODEL_LABELS,
        'repository',
      ]),
      modelTokens: counter('cortex_model_tokens_total', 'Tokens by model.', [
        'provider',
        'model',
        'prompt',
        'direction',
      ]),
      messages: counter('cortex_messages_total', 'Messages to Slack.', ['kind', 'outcome']),
      swept: counter('cortex_swept_jobs_total', 'Due jobs that the sweep had to wake.', []),
      reconciled: counter('cortex_reconciled_total', 'Deliveries and runs that were checked, and what came of it.', [
        'of',
        'outcome',
      ]),
      githubRequests: counter('cortex_github_requests_total', 'Questions to GitHub by how they ended.', ['outcome']),
    },
    contentType: registry.contentType,
    render: () => registry.metrics(),
    addGauge: ({ name, help, label }, read) => {
      const gauge = new prometheus.Gauge({
        name,
        help,
        labelNames: [label],
        registers: [registry],
        async collect() {
          for (const [value, amount] of Object.entries(await read())) gauge.set({ [label]: value }, amount);
        },
      });
    },
  };
}

/** What is asked for how things stand. */
interface Gauged {
  jobs: Pick<JobStore, 'counts'>;
  gaps: Pick<GapStore, 'lag'>;
  logs: () => Record<string, number>;
  circuits: () => Record<string, number>;
}

/** Every gauge by name. */
export function addGauges(registry: MetricsRegistry, { jobs, gaps, logs, circuits }: Gauged): void {
  const help = {
    cortex_jobs: 'Jobs by state.',
    cortex_reconcile_lag_seconds: 'Age of what GitHub has not been asked about yet.',
    cortex_gaps: 'Deliveries that failed and did not come yet, and those that cannot.',
    cortex_log_reader: 'Logs in hand, and threads that read them.',
    cortex_model_circuit_open: '1 where a provider is held to be away.',
  } as const;
  const add = (name: keyof typeof help, label: string, read: () => Promise<Record<string, number>>): void =>
    registry.addGauge({ name, help: help[name], label }, read);
  add('cortex_jobs', 'state', async () => ({ ...(await jobs.counts()) }));
  add('cortex_reconcile_lag_seconds', 'of', async () => {
    const { deliveries, runs } = await gaps.lag();
    return { ...(deliveries !== null && { deliveries }), ...(runs !== null && { runs }) };
  });
  add('cortex_gaps', 'state', async () => {
    const { open, lost } = await gaps.lag();
    return { open, lost };
  });
  add('cortex_log_reader', 'of', () => Promise.resolve(logs()));
  add('cortex_model_circuit_open', 'provider', () => Promise.resolve(circuits()));
}
