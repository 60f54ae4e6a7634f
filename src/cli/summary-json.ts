import type { ArchiveDigest } from '../analysis/archive.ts';
import type { Diagnosis, LogLine } from '../domain/diagnosis.ts';

/** What was read, and how long that took. */
export interface Measured extends ArchiveDigest {
  readonly seconds: number;
}

/** A diagnosis as data, for programs. */
export function toJson(diagnosis: Diagnosis, { size, seconds, totalJobs }: Measured): object {
  const { headline, cause, nextStep, category, verdict, facts, fingerprint, confidence, authorship } = diagnosis;
  return {
    headline,
    cause,
    nextStep,
    category,
    verdict,
    evidence: diagnosis.evidence.map(toLine),
    excerpt: diagnosis.excerpt.map(toLine),
    facts,
    fingerprint,
    jobs: diagnosis.jobs.map((job) => ({
      name: job.name,
      step: job.failedStep,
      headline: job.headline,
      fingerprint: job.fingerprint,
    })),
    stats: {
      ...size,
      jobs: totalJobs,
      seconds,
      megabytesPerSecond: speedOf({ size, seconds }),
      excerptLines: diagnosis.excerpt.length,
      sha256: diagnosis.logDigest,
      confidence,
      ...authorship,
    },
  };
}

/** The step is a name where the log or the archive tells it. */
function toLine({ line, stepName, step, text }: LogLine): object {
  return { line, step: stepName ?? (step === null ? null : String(step)), text };
}

/** Megabytes a second; null where it was too quick to tell. */
export function speedOf({ size, seconds }: Pick<Measured, 'size' | 'seconds'>): number | null {
  return seconds === 0 ? null : Math.round(size.bytes / seconds / 100_000) / 10;
}
