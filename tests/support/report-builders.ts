import { UNTOUCHED } from '../../src/domain/handling.ts';
import { randomUUID } from 'node:crypto';
import type { Diagnosis, JobFinding, LogLine, Summary } from '../../src/domain/diagnosis.ts';
import type { Failure, Resolution, Sighting } from '../../src/domain/failure.ts';
import { FailureId, RepositoryName, RunId, SummaryId, WorkflowJobId } from '../../src/domain/ids.ts';
import type { Run } from '../../src/domain/run.ts';
import type { FailureReport } from '../../src/messages/diagnosis.ts';

// Builders with valid defaults: a test states only what matters to it.

/** More than any of these tests needs. */
export const A_ROOM = { messages: 100, withinMs: 300_000 };

export const MOMENT = new Date('2026-11-20T09:30:00Z');

export function minutesLater(minutes: number, from = MOMENT): Date {
  return new Date(from.getTime() + minutes * 60_000);
}

export function aRun(changes: Partial<Run> = {}): Run {
  const runId = changes.runId ?? RunId.parse(17_234_567_890);
  const repository = changes.repository ?? RepositoryName.parse('acme/web');
  return {
    repository,
    runId,
    attempt: 1,
    number: 812,
    workflow: 'CI',
    branch: 'main',
    defaultBranch: 'main',
    event: 'push',
    headSha: '4f9c2d1e8ab0c3d4e5f60718293a4b5c6d7e8f90',
    status: 'completed',
    conclusion: 'failure',
    url: `https://github.com/${repository}/actions/runs/${runId}`,
    actor: 'ada',
    actorId: null,
    actorType: 'user',
    title: 'Round prices half to even',
    pullRequest: 77,
    startedAt: minutesLater(-6),
    updatedAt: MOMENT,
    ...changes,
  };
}

export function aLine(changes: Partial<LogLine> = {}): LogLine {
  return {
    jobId: WorkflowJobId.parse(4242),
    line: 214,
    step: 5,
    stepLine: 88,
    text: 'expect(received).toBe(expected)',
    ...changes,
  };
}

export function aFinding(changes: Partial<JobFinding> = {}): JobFinding {
  return {
    jobId: WorkflowJobId.parse(4242),
    name: 'test',
    conclusion: 'failure',
    url: 'https://github.com/acme/web/actions/runs/17234567890/job/4242',
    failedStep: 'Run npm test',
    fingerprint: 'f1',
    headline: 'rounds half to even fails',
    ...changes,
  };
}

export function aDiagnosis(changes: Partial<Diagnosis> = {}): Diagnosis {
  return {
    headline: 'price › rounds half to even: expected 2.34, received 2.35',
    cause: 'The new rounding in src/price.ts rounds half up, while the test expects half to even.',
    nextStep: 'Use Intl.NumberFormat with roundingMode "halfEven" in src/price.ts line 18.',
    category: 'test',
    verdict: { kind: 'new', reasons: ['not seen before on main', 'main was green 20 minutes ago'] },
    confidence: 'high',
    fingerprint: 'f1',
    evidence: [
      aLine(),
      aLine({ line: 215, stepLine: 89, text: 'Expected: 2.34' }),
      aLine({ line: 216, stepLine: 90, text: 'Received: 2.35' }),
      aLine({ line: 220, stepLine: 94, text: 'at Object.<anonymous> (src/price.test.ts:12:20)' }),
    ],
    excerpt: [
      aLine({ line: 213, stepLine: 87, text: '● price › rounds half to even' }),
      aLine(),
      aLine({ line: 215, stepLine: 89, text: 'Expected: 2.34' }),
      aLine({ line: 216, stepLine: 90, text: 'Received: 2.35' }),
    ],
    facts: {
      failingTests: [
        { name: 'price › rounds half to even', file: 'src/price.test.ts', line: 12, message: 'Expected: 2.34' },
      ],
      problems: [],
      exitCode: 1,
      failedStep: 'Run npm test',
      failedCommand: 'npm test',
      tool: 'jest',
      ecosystem: 'javascript',
    },
    jobs: [aFinding()],
    totalJobs: 4,
    logDigest: 'd'.repeat(64),
    authorship: {
      provider: 'offline',
      model: null,
      promptVersion: '1',
      inputTokens: 0,
      outputTokens: 0,
      latencyMs: 42,
      cachedTokens: 0,
      costMicroUsd: 0,
      firstTokenMs: null,
      reusedFrom: null,
      escalated: false,
      fallbackReason: null,
    },
    ...changes,
  };
}

export function aSummary(changes: Partial<Summary> = {}): Summary {
  const { repository, runId, attempt } = aRun();
  return {
    id: SummaryId.parse(randomUUID()),
    failureId: FailureId.parse(randomUUID()),
    run: { repository, runId, attempt },
    revision: 0,
    diagnosis: aDiagnosis(),
    createdAt: MOMENT,
    ...changes,
  };
}

export function aSighting(run: Run = aRun(), at: Date = run.updatedAt): Sighting {
  return { runId: run.runId, attempt: run.attempt, runNumber: run.number, headSha: run.headSha, at };
}

export function aFailure(changes: Partial<Failure> = {}): Failure {
  return {
    id: FailureId.parse(randomUUID()),
    repository: RepositoryName.parse('acme/web'),
    branch: 'main',
    workflow: 'CI',
    fingerprint: 'f1',
    status: 'open',
    occurrences: 1,
    first: aSighting(),
    last: aSighting(),
    resolution: null,
    merge: null,
    handling: UNTOUCHED,
    ...changes,
  };
}

export function aResolution(changes: Partial<Resolution> = {}): Resolution {
  const run = aRun({
    runId: RunId.parse(17_234_999_999),
    number: 813,
    headSha: 'b7e1'.repeat(10),
    conclusion: 'success',
  });
  return {
    ...aSighting(run, minutesLater(42)),
    kind: 'fixed',
    title: 'Use half-even rounding',
    actor: 'ben',
    url: run.url,
    ...changes,
  };
}

interface ReportParts {
  run?: Run;
  diagnosis?: Diagnosis;
  failure?: Partial<Failure>;
}

/** A failure, its summary and its run, which belong together. */
export function aReport({ run = aRun(), diagnosis = aDiagnosis(), failure }: ReportParts = {}): FailureReport {
  const whole = aFailure({ first: aSighting(run), last: aSighting(run), ...failure });
  const { repository, runId, attempt } = run;
  return {
    failure: whole,
    run,
    summary: aSummary({ failureId: whole.id, run: { repository, runId, attempt }, diagnosis }),
  };
}
