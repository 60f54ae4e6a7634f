import { z } from 'zod';
import { type FailureId, SummaryId, UserId, WorkflowJobId } from './ids.ts';
import { Origin } from './origin.ts';
import type { RunRef } from './run.ts';
import { WorkflowPart } from './workflow-file.ts';

/** What kind of thing broke. */
export const CATEGORIES = [
  'test',
  'compile',
  'lint',
  'dependency',
  'infrastructure',
  'configuration',
  'deployment',
  'timeout',
  'unknown',
] as const;
export type Category = (typeof CATEGORIES)[number];

/** What it means for the team; decided by rule, before any model is asked. */
export const VERDICTS = [
  'new',
  'recurring',
  'failing-on-base',
  'flaky',
  'infrastructure',
  'configuration',
  'timeout',
  'cancelled',
  'superseded',
] as const;
export type VerdictKind = (typeof VERDICTS)[number];

export const Verdict = z.object({
  kind: z.enum(VERDICTS),
  /** Sentences without a full stop, each a fact that led here. */
  reasons: z.array(z.string()),
});
export type Verdict = z.infer<typeof Verdict>;

export const CONFIDENCES = ['high', 'medium', 'low'] as const;
export type Confidence = (typeof CONFIDENCES)[number];

/** A line of a workflow job's log, after redaction. */
export const LogLine = z.object({
  jobId: WorkflowJobId.nullable(),
  /** 1-based line of the whole job's log. */
  line: z.number().int().positive(),
  /** GitHub's viewer counts lines per step: `…/job/JOB#step:STEP:STEP_LINE`. Null where the step is not known. */
  step: z.number().int().positive().nullable(),
  stepLine: z.number().int().positive().nullable(),
  /** The name of the step, stage or phase, and of the group within it; absent where the log does not tell. */
  stepName: z.string().optional(),
  group: z.string().optional(),
  text: z.string(),
});
export type LogLine = z.infer<typeof LogLine>;

export const FailingTest = z.object({
  name: z.string(),
  file: z.string().nullable(),
  line: z.number().int().nullable(),
  message: z.string().nullable(),
});
export type FailingTest = z.infer<typeof FailingTest>;

/** A compiler's or linter's complaint. */
export const Problem = z.object({
  file: z.string(),
  line: z.number().int().nullable(),
  /** Absent in diagnoses of earlier versions, as is `rule`. */
  column: z.number().int().nullable().default(null),
  message: z.string(),
  /** The tool's own name for what is wrong: `TS2339`, `no-unused-vars`. */
  rule: z.string().nullable().default(null),
});
export type Problem = z.infer<typeof Problem>;

export const Facts = z.object({
  failingTests: z.array(FailingTest),
  problems: z.array(Problem),
  exitCode: z.number().int().nullable(),
  failedStep: z.string().nullable(),
  failedCommand: z.string().nullable(),
  /** The program that complained (`jest`, `tsc`, `cargo`, …) and its ecosystem (`javascript`, `rust`, …). */
  tool: z.string().nullable(),
  ecosystem: z.string().nullable(),
});
export type Facts = z.infer<typeof Facts>;

/** What one failed workflow job comes down to. Jobs of a matrix that fail for one cause share a fingerprint. */
export const JobFinding = z.object({
  jobId: WorkflowJobId.nullable(),
  name: z.string(),
  conclusion: z.string(),
  url: z.string().nullable(),
  failedStep: z.string().nullable(),
  fingerprint: z.string(),
  headline: z.string(),
});
export type JobFinding = z.infer<typeof JobFinding>;

/** Who wrote the sentences, and at what price. */
export const Authorship = z.object({
  provider: z.string(),
  model: z.string().nullable(),
  promptVersion: z.string(),
  inputTokens: z.number().int().nonnegative(),
  outputTokens: z.number().int().nonnegative(),
  latencyMs: z.number().nonnegative(),
  /** The part of the input that came from the provider's cache. */
  cachedTokens: z.number().int().nonnegative().default(0),
  /** What all calls for this summary cost, in millionths of a US dollar. */
  costMicroUsd: z.number().int().nonnegative().default(0),
  /** Until the first word of the answer; null where it came in one piece or no model was asked. */
  firstTokenMs: z.number().nonnegative().nullable().default(null),
  /** The summary whose answer was taken over instead of a call; null where none was. */
  reusedFrom: SummaryId.nullable().default(null),
  /** Whether the large tier was asked, after the small one or because a person wanted it. */
  escalated: z.boolean().default(false),
  /** Why the first choice did not answer; null when it did. */
  fallbackReason: z.string().nullable(),
});
export type Authorship = z.infer<typeof Authorship>;

/** The finished analysis of one attempt of one run. */
export const Diagnosis = z.object({
  /** At most 120 characters. */
  headline: z.string(),
  /** One or two plain sentences. */
  cause: z.string(),
  nextStep: z.string(),
  category: z.enum(CATEGORIES),
  verdict: Verdict,
  confidence: z.enum(CONFIDENCES),
  fingerprint: z.string(),
  /** At most 12 lines, for the reader. */
  evidence: z.array(LogLine),
  /** At most 100 lines, for the model and the thread. */
  excerpt: z.array(LogLine),
  facts: Facts,
  jobs: z.array(JobFinding),
  totalJobs: z.number().int().nonnegative(),
  /** SHA-256 of the raw logs read, in job order; empty when no log could be read. */
  logDigest: z.string(),
  authorship: Authorship,
  /** Where it began, and which changes may have brought it; absent where that was not looked for. */
  origin: Origin.optional(),
  /** What the file of the workflow says of the job that failed; absent where that was not looked for. */
  workflowPart: WorkflowPart.optional(),
  /** A limit of GitHub's put this look off; absent where none did. */
  wasLimited: z.boolean().optional(),
  /** Who asked for this look, and what they noted, after redaction; absent where nobody asked. */
  asked: z.object({ by: UserId, note: z.string().nullable() }).optional(),
});
export type Diagnosis = z.infer<typeof Diagnosis>;

/** What a rule asks of a diagnosis. */
export interface Finding {
  verdict: VerdictKind;
  /** The names of the failed jobs. */
  jobs: readonly string[];
}

export function findingOf({ verdict, jobs }: Pick<Diagnosis, 'verdict' | 'jobs'>): Finding {
  return { verdict: verdict.kind, jobs: jobs.map(({ name }) => name) };
}

/** A stored diagnosis. */
export interface Summary {
  id: SummaryId;
  failureId: FailureId;
  run: RunRef;
  /** Counts up when a person asks for another look at the same attempt. */
  revision: number;
  diagnosis: Diagnosis;
  createdAt: Date;
}
