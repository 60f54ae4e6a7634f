import { explainOffline } from '../../../src/analysis/offline.ts';
import type { Verdict } from '../../../src/domain/diagnosis.ts';
import type { Explanation, Findings } from '../../../src/domain/reasoning.ts';
import type { WorkflowJob } from '../../../src/domain/run.ts';
import { decideVerdict } from '../../../src/analysis/verdict.ts';
import { digest } from '../support.ts';

/** A step of a GitHub log that ran `command`, printed `output` and failed. */
export function step(command: string, output: string, code = 1): string {
  return `##[group]Run ${command}\n${command}\nshell: /usr/bin/bash -e {0}\n##[endgroup]\n${output}\n##[error]Process completed with exit code ${code}.\n`;
}

/** What the analysis without a model says of a log; the verdict is the one that the log alone leads to. */
export async function explain(
  log: string,
  { verdict, job = null }: { verdict?: Verdict; job?: WorkflowJob | null } = {},
): Promise<Explanation & { excerpt: Findings['excerpt'] }> {
  const { category, facts, excerpt, evidence, signals } = await digest(log, job);
  const conclusion = job?.conclusion ?? null;
  const decided = verdict ?? decideVerdict({ run: null, category, facts, signals, history: null, conclusion });
  return { ...explainOffline({ category, facts, excerpt, evidence, verdict: decided }), excerpt };
}
