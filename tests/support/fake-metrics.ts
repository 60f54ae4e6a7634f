import type { Counter, Histogram, Metrics } from '../../src/domain/ports.ts';

export interface Measurement {
  metric: keyof Metrics;
  value: number;
  labels: Record<string, string>;
}

/** Metrics that keep what they are told. */
export function fakeMetrics(): Metrics & { measured: Measurement[]; of(metric: keyof Metrics): Measurement[] } {
  const measured: Measurement[] = [];
  const note =
    (metric: keyof Metrics) =>
    (value: number, labels: Record<string, string> = {}) => {
      measured.push({ metric, value, labels });
    };
  const counter = (metric: keyof Metrics): Counter => ({ add: note(metric) });
  const histogram = (metric: keyof Metrics): Histogram => ({ observe: note(metric) });
  return {
    deliveries: counter('deliveries'),
    jobsFinished: counter('jobsFinished'),
    jobsRetried: counter('jobsRetried'),
    jobSeconds: histogram('jobSeconds'),
    logSeconds: histogram('logSeconds'),
    logBytes: counter('logBytes'),
    comparisons: counter('comparisons'),
    analyses: counter('analyses'),
    limitedAnalyses: counter('limitedAnalyses'),
    modelCalls: counter('modelCalls'),
    modelSeconds: histogram('modelSeconds'),
    modelCost: counter('modelCost'),
    modelTokens: counter('modelTokens'),
    messages: counter('messages'),
    swept: counter('swept'),
    reconciled: counter('reconciled'),
    githubRequests: counter('githubRequests'),
    measured,
    of: (metric) => measured.filter((measurement) => measurement.metric === metric),
  };
}
