import type { Diagnosis, Summary, VerdictKind } from '../../src/domain/diagnosis.ts';
import type { SimilarFailure } from '../../src/domain/failure.ts';
import type { Message } from '../../src/domain/message.ts';
import { UserId, WorkflowJobId } from '../../src/domain/ids.ts';
import type { Origin } from '../../src/domain/origin.ts';
import { plainForm, simplerForms } from '../../src/messages/forms.ts';
import { failureMessage, type FailureReport } from '../../src/messages/diagnosis.ts';
import { excerptReply } from '../../src/messages/excerpt.ts';
import { fullAnalysisModal, noAnalysisReply } from '../../src/messages/full-analysis.ts';
import { jobsReply } from '../../src/messages/jobs.ts';
import { recoveryMessage, recoveryReply, type RecoveryReport } from '../../src/messages/recovery.ts';
import { againReply, evidenceReply, reanalysisReply } from '../../src/messages/thread.ts';
import { VERDICT_WORDS } from '../../src/messages/words.ts';
import { HOSTILE_BY_NAME } from '../../tests/support/hostile.ts';
import {
  aDiagnosis,
  aFinding,
  aLine,
  aReport,
  aResolution,
  aRun,
  minutesLater,
} from '../../tests/support/report-builders.ts';
import { type GalleryState, modal, posted, told } from './state.ts';

/** The message about a failure, its thread, and its end. */
export function failureStates(): GalleryState[] {
  return [...parents(), ...outsideText(), ...threads(), ...windows(), ...ends()];
}

function parents(): GalleryState[] {
  const model: Partial<Diagnosis['authorship']> = {
    provider: 'claude',
    model: 'claude-haiku-5-5',
    latencyMs: 2_140,
    costMicroUsd: 3_400,
    inputTokens: 5_200,
    cachedTokens: 1_900,
  };
  const later = aReport({ failure: { occurrences: 7, last: { ...aReport().failure.last, at: minutesLater(95) } } });
  return [
    posted('failure', failureMessage(aReport())),
    posted('failure-by-model', failureMessage(reportWith({ authorship: authored(model) }))),
    posted(
      'failure-by-larger-model-after-a-fall-back',
      failureMessage(
        reportWith({
          authorship: authored({ ...model, escalated: true, fallbackReason: 'gpt did not answer in time' }),
        }),
      ),
    ),
    posted('failure-seven-times', failureMessage(later)),
    posted('failure-one-job-of-a-matrix', failureMessage(reportWith({ jobs: matrix(6), totalJobs: 9 }))),
    posted('failure-500-jobs', failureMessage(reportWith({ jobs: manyJobs(500), totalJobs: 500 }))),
    posted('failure-without-a-log', failureMessage(reportWith({ evidence: [], excerpt: [], confidence: 'low' }))),
    posted('failure-plain-form', plainForm(failureMessage(aReport()))),
    ...simplerForms(failureMessage(aReport())).map((form, index) => posted(`failure-simpler-form-${index + 1}`, form)),
    ...Object.keys(VERDICT_WORDS).map((kind) => posted(`verdict-${kind}`, failureMessage(judged(kind)))),
  ];
}

function judged(kind: string): FailureReport {
  const isKind = (word: string): word is VerdictKind => Object.hasOwn(VERDICT_WORDS, word);
  return reportWith({
    verdict: { kind: isKind(kind) ? kind : 'new', reasons: ['the same commit passed 20 minutes ago'] },
    confidence: 'medium',
  });
}

function outsideText(): GalleryState[] {
  return Object.entries(HOSTILE_BY_NAME).map(([name, text]) => {
    const jobs = [aFinding({ name: text, headline: text, failedStep: text })];
    const diagnosis = aDiagnosis({
      headline: text,
      cause: text,
      nextStep: text,
      jobs,
      evidence: [aLine({ text })],
      excerpt: [aLine({ text })],
      verdict: { kind: 'new', reasons: [text] },
    });
    const run = aRun({ branch: text, title: text, actor: text, workflow: text });
    return posted(`outside-text-${name.replaceAll(/\W+/gu, '-')}`, failureMessage(aReport({ run, diagnosis })));
  });
}

function threads(): GalleryState[] {
  const { summary, run, failure } = aReport({ failure: { occurrences: 3 } });
  const long = longReport();
  const wide = reportWith({ jobs: manyJobs(500), totalJobs: 500 });
  const parts: Array<[string, Message | null]> = [
    ['thread-excerpt', excerptReply(summary, run)],
    ['thread-excerpt-long', excerptReply(long.summary, long.run)],
    ['thread-jobs', jobsReply(wide.summary)],
  ];
  return [
    posted('thread-evidence', evidenceReply(summary, run)),
    posted('thread-evidence-with-suspects', evidenceReply(withOrigin(summary), run)),
    posted('thread-evidence-with-workflow', evidenceReply(withWorkflow(summary), run)),
    posted('thread-evidence-with-similar-failures', evidenceReply(summary, run, similar())),
    posted('thread-evidence-many-tests', evidenceReply(long.summary, long.run)),
    ...parts.flatMap(([name, shown]) =>
      shown === null
        ? []
        : [
            posted(name, shown),
            ...simplerForms(shown).map((form, at) => posted(`${name}-simpler-form-${at + 1}`, form)),
          ],
    ),
    posted('thread-failed-again', againReply({ run, failure })),
    posted('thread-analyzed-again', reanalysisReply(summary)),
    ...['The proxy was changed today. Look there.', ...Object.values(HOSTILE_BY_NAME).slice(0, 1)].map((note, at) =>
      posted(
        `thread-analyzed-again-with-a-note-${at + 1}`,
        reanalysisReply(reportWith({ asked: { by: UserId.parse('U0BEN'), note } }).summary),
      ),
    ),
  ];
}

function longReport(): FailureReport {
  return reportWith({
    excerpt: Array.from({ length: 100 }, (_, index) =>
      aLine({ line: 200 + index * 3, text: `line ${index} ${'of a log '.repeat(12)}` }),
    ),
    facts: {
      ...aDiagnosis().facts,
      failingTests: Array.from({ length: 30 }, (_, index) => ({
        name: `cart › adds up item ${index}`,
        file: 'src/cart.test.ts',
        line: index,
        message: 'Expected: 2.34',
      })),
      problems: [
        {
          file: 'src/price.ts',
          line: 18,
          column: 7,
          rule: 'TS2322',
          message: "Type 'string' is not assignable to type 'number'.",
        },
      ],
    },
  });
}

function windows(): GalleryState[] {
  const report = aReport();
  const [first, second] = [
    aFinding({ name: 'build' }),
    aFinding({ jobId: WorkflowJobId.parse(2), name: 'e2e (firefox)' }),
  ];
  const two = reportWith({
    jobs: [first, second],
    totalJobs: 4,
    excerpt: [aLine({ jobId: first.jobId }), aLine({ jobId: second.jobId, line: 90 })],
  });
  const [hostile = ''] = Object.values(HOSTILE_BY_NAME);
  const outside = reportWith({
    headline: hostile,
    cause: hostile,
    nextStep: hostile,
    jobs: [aFinding({ name: hostile, failedStep: hostile })],
    excerpt: [aLine({ text: hostile })],
    verdict: { kind: 'new', reasons: [hostile] },
  });
  return [
    modal(
      'window-full-analysis',
      fullAnalysisModal({ ...report, summary: withWorkflow(withOrigin(report.summary)), similar: similar() }),
    ),
    modal('window-full-analysis-two-jobs', fullAnalysisModal({ ...two, similar: [] })),
    modal('window-full-analysis-long', fullAnalysisModal({ ...longReport(), similar: [] })),
    modal(
      'window-full-analysis-500-jobs',
      fullAnalysisModal({ ...reportWith({ jobs: manyJobs(500), totalJobs: 500 }), similar: [] }),
    ),
    modal(
      'window-full-analysis-without-a-log',
      fullAnalysisModal({ ...reportWith({ evidence: [], excerpt: [], confidence: 'low' }), similar: [] }),
    ),
    modal('window-full-analysis-outside-text', fullAnalysisModal({ ...outside, similar: [] })),
    told('full-analysis-gone', noAnalysisReply()),
  ];
}

function similar(): SimilarFailure[] {
  const { failure } = aReport();
  const of = (changes: Partial<SimilarFailure>): SimilarFailure => ({
    failure,
    resolution: aResolution(),
    headline: 'cart › adds up fails',
    isSameCause: true,
    ...changes,
  });
  return [
    of({}),
    of({ resolution: aResolution({ kind: 'passed-on-rerun' }) }),
    of({
      isSameCause: false,
      headline: HOSTILE_BY_NAME.mentions,
      resolution: aResolution({ title: HOSTILE_BY_NAME.mentions }),
    }),
  ];
}

function ends(): GalleryState[] {
  const { failure, summary } = aReport({ failure: { occurrences: 3 } });
  const fixed: RecoveryReport = { failure, summary, resolution: aResolution() };
  const flaky: RecoveryReport = { failure, summary: null, resolution: aResolution({ kind: 'passed-on-rerun' }) };
  return [
    posted('fixed', recoveryMessage(fixed)),
    posted('fixed-reply', recoveryReply(fixed)),
    posted('passed-on-rerun', recoveryMessage(flaky)),
    posted('passed-on-rerun-reply', recoveryReply(flaky)),
  ];
}

function reportWith(changes: Partial<Diagnosis>): FailureReport {
  return aReport({ diagnosis: aDiagnosis(changes) });
}

function authored(changes: Partial<Diagnosis['authorship']>): Diagnosis['authorship'] {
  return { ...aDiagnosis().authorship, ...changes };
}

function matrix(cells: number): Diagnosis['jobs'] {
  return Array.from({ length: cells }, (_, index) =>
    aFinding({ jobId: WorkflowJobId.parse(index + 1), name: `test (ubuntu-24.04, node ${18 + index})` }),
  );
}

function manyJobs(total: number): Diagnosis['jobs'] {
  return Array.from({ length: total }, (_, index) =>
    aFinding({
      jobId: WorkflowJobId.parse(index + 1),
      name: `shard ${index} of the browser tests`,
      fingerprint: `f${index}`,
    }),
  );
}

function withWorkflow(summary: Summary): Summary {
  const workflowPart = {
    path: '.github/workflows/ci.yml',
    url: 'https://github.com/acme/web/blob/main/.github/workflows/ci.yml#L21-L23',
    job: 'test',
    step: 'Test in the browser',
    lines: [
      { line: 12, text: '  test:' },
      { line: 13, text: '    runs-on: ubuntu-latest' },
      { line: 14, text: '    timeout-minutes: 10' },
      { line: 21, text: '      - name: Test in the browser' },
      { line: 22, text: '        run: npm run test:browser' },
      { line: 23, text: '        env: { BROWSER: firefox }' },
    ],
  };
  return { ...summary, diagnosis: { ...summary.diagnosis, workflowPart } };
}

function withOrigin(summary: Summary): Summary {
  const suspect = { sha: 'b'.repeat(40), title: 'Round prices half to even', actor: 'octo-ada' };
  const origin: Origin = {
    firstBad: {
      sha: 'b'.repeat(40),
      title: 'Round prices',
      actor: 'octo-ben',
      runNumber: 810,
      url: 'https://github.com/acme/web/actions/runs/810',
    },
    lastGood: { sha: 'a'.repeat(40), runNumber: 809, url: 'https://github.com/acme/web/actions/runs/809' },
    commits: 4,
    suspects: [
      { ...suspect, reason: 'it changes src/price.ts, which the failure names', owners: ['acme/pricing'] },
      { ...suspect, actor: 'octo-cay', reason: 'it changes test/price.test.ts, which the failure names' },
    ],
    otherBranches: ['release/2.4', 'feature/tax'],
    owned: { path: 'src/price.ts', owners: ['acme/pricing', 'octo-dan'] },
  };
  return { ...summary, diagnosis: { ...summary.diagnosis, origin } };
}
