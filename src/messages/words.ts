import type { Confidence, Summary, VerdictKind } from '../domain/diagnosis.ts';
import type { Conclusion, Run, RunRef } from '../domain/run.ts';
import { elapsed } from './text.ts';

/** What each verdict is called; never more than three words. */
export const VERDICT_WORDS: Record<VerdictKind, string> = {
  new: 'New failure',
  recurring: 'Recurring failure',
  'failing-on-base': 'Also fails on the default branch',
  flaky: 'Flaky',
  infrastructure: 'Infrastructure',
  configuration: 'Configuration',
  timeout: 'Timed out',
  cancelled: 'Cancelled',
  superseded: 'Superseded by a newer commit',
};

export const CONFIDENCE_WORDS: Record<Confidence, string> = {
  high: 'high confidence',
  medium: 'medium confidence',
  low: 'low confidence',
};

const CONCLUSION_WORDS: Record<Conclusion, string> = {
  success: 'passed',
  failure: 'failed',
  timed_out: 'timed out',
  cancelled: 'was cancelled',
  skipped: 'was skipped',
  neutral: 'ended neither green nor red',
  action_required: 'waits for an approval',
  startup_failure: 'could not start',
  stale: 'was given up by GitHub',
};

/** How a run ended, as a verb. */
export function conclusionWords(conclusion: Conclusion | null): string {
  return conclusion === null ? 'ended' : CONCLUSION_WORDS[conclusion];
}

/** Who wrote the explanation, and how long it took. */
export function authorWords({ diagnosis }: Pick<Summary, 'diagnosis'>): string {
  const { model, latencyMs, fallbackReason } = diagnosis.authorship;
  if (model !== null) return `Explained by ${model} in ${elapsed(latencyMs)}. Models make mistakes: check the lines.`;
  if (fallbackReason === null) return 'Offline analysis, no model involved.';
  return `Offline analysis: the model did not answer (${fallbackReason}).`;
}

/** GitHub's page of the repository, taken from the address of a run; null where that looks different. */
export function repositoryUrl(runUrl: string): string | null {
  return /^(https?:\/\/.+?)\/actions\/runs\/\d+/u.exec(runUrl)?.[1] ?? null;
}

/** GitHub's page of exactly this attempt: the run's own page moves on to the newest one. */
export function attemptUrl(run: Pick<Run, 'url'> & Pick<RunRef, 'attempt'>): string {
  return run.attempt > 1 && /\/actions\/runs\/\d+$/u.test(run.url) ? `${run.url}/attempts/${run.attempt}` : run.url;
}
