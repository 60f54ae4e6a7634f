import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { JobFinding } from '../../src/domain/diagnosis.ts';
import { CATEGORIES, CONFIDENCES, VERDICTS } from '../../src/domain/diagnosis.ts';
import { FailureId, SummaryId, WorkflowJobId } from '../../src/domain/ids.ts';
import { summaryAnswer } from '../../src/messages/answer.ts';
import { failureMessage } from '../../src/messages/diagnosis.ts';
import { excerptReply } from '../../src/messages/excerpt.ts';
import { logLineUrl } from '../../src/messages/log-links.ts';
import { simplerForms } from '../../src/messages/forms.ts';
import { jobsReply } from '../../src/messages/jobs.ts';
import { recoveryMessage, recoveryReply } from '../../src/messages/recovery.ts';
import { againReply, evidenceReply, reanalysisReply } from '../../src/messages/thread.ts';
import { faultsIn, HOSTILE, HOSTILE_BY_NAME, readable, textsIn } from '../support/hostile.ts';
import {
  aDiagnosis,
  aFailure,
  aFinding,
  aLine,
  aReport,
  aResolution,
  aRun,
  aSighting,
  minutesLater,
  MOMENT,
} from '../support/report-builders.ts';

const fixedIds = (report = aReport()) => ({
  ...report,
  failure: { ...report.failure, id: FailureId.parse('7d9a4c1e-8f5a-4e1c-9d0e-6f1f2b3c4d5e') },
  summary: { ...report.summary, id: SummaryId.parse('0b7f7c52-9d0e-4c1e-8f5a-6f1f2b3c4d5e') },
});

describe('the message of an open failure', () => {
  test('says what broke, how sure that is, the proof, the jobs, the commit and the history', () => {
    expect(failureMessage(fixedIds())).toMatchSnapshot();
  });

  test('links each line of proof to its place in the log viewer', () => {
    const { run } = aReport();
    expect(logLineUrl(run, aLine())).toBe(`${run.url}/job/4242#step:5:88`);
    expect(logLineUrl(run, aLine({ step: null }))).toBe(`${run.url}/job/4242`);
    expect(logLineUrl(run, aLine({ jobId: null }))).toBeNull();
  });

  test('shows three lines of proof; the thread has the rest', () => {
    const report = aReport();
    expect(readable(failureMessage(report))).not.toContain('price.test.ts:12:20');
    expect(readable(evidenceReply(report.summary, report.run))).toContain('price.test.ts:12:20');
  });

  test('folds the cells of a matrix that fail for one cause into one line', () => {
    const jobs = ['18', '20', '22'].map((cell, index) =>
      aFinding({ name: `test (${cell}, ubuntu)`, jobId: WorkflowJobId.parse(index + 1) }),
    );
    const lint = aFinding({ name: 'lint', fingerprint: 'f2', failedStep: null });
    const text = readable(failureMessage(aReport({ diagnosis: aDiagnosis({ jobs: [...jobs, lint], totalJobs: 9 }) })));
    expect(text).toContain('4 of 9 jobs failed');
    expect(text).toContain('test (18, ubuntu; 20, ubuntu; 22, ubuntu) failed in the step "Run npm test"');
    expect(text).toContain('lint failed');
  });

  test('counts what it does not show of 500 jobs', () => {
    const jobs = Array.from({ length: 500 }, (_, index) =>
      aFinding({ name: `job-${index}`, fingerprint: `f${index}` }),
    );
    const message = failureMessage(aReport({ diagnosis: aDiagnosis({ jobs, totalJobs: 500 }) }));
    expect(readable(message)).toContain('and 492 more jobs');
    expect(faultsIn(message)).toEqual([]);
  });

  test('says how often it was seen, and since when', () => {
    const message = failureMessage(aReport({ failure: { occurrences: 3 } }));
    expect(readable(message)).toContain('Seen 3 times since');
    expect(JSON.stringify(message.blocks)).toContain(`"timestamp":${MOMENT.getTime() / 1_000}`);
  });

  test('names the model and its time, or says that no model was asked', () => {
    const authorship = { ...aDiagnosis().authorship, model: 'claude-haiku-5-5', latencyMs: 2_345 };
    const byModel = failureMessage(aReport({ diagnosis: aDiagnosis({ authorship }) }));
    expect(readable(byModel)).toContain('Explained by claude-haiku-5-5 in 2.3 s');
    expect(readable(failureMessage(aReport()))).toContain('Offline analysis, no model involved.');
  });

  test.each<[string, object, string]>([
    [
      'what it cost and how much of the input was cached',
      { costMicroUsd: 4_200, inputTokens: 5_000, cachedTokens: 4_100 },
      'Explained by claude-haiku-5-5 in 2.3 s for $0.004, 82 % of the input cached. Models make mistakes: check the lines.',
    ],
    ['that a larger model was asked', { escalated: true }, 'Explained by the larger model claude-haiku-5-5 in 2.3 s.'],
    [
      'why it was not the first choice',
      { fallbackReason: 'gpt did not answer in time' },
      'in 2.3 s. Not the first choice: gpt did not answer in time. Models',
    ],
    [
      'that the answer is an earlier one',
      { reusedFrom: SummaryId.parse('0b7f7c52-9d0e-4c1e-8f5a-6f1f2b3c4d5e'), costMicroUsd: 0 },
      'Taken over from an earlier analysis of the same failure by claude-haiku-5-5. Models make mistakes',
    ],
    [
      'why no model answered',
      { model: null, fallbackReason: 'the budget of the month is spent' },
      'Offline analysis: no model answered (the budget of the month is spent).',
    ],
  ])('says %s', (_what, changes, words) => {
    const authorship = { ...aDiagnosis().authorship, model: 'claude-haiku-5-5', latencyMs: 2_345, ...changes };
    expect(readable(failureMessage(aReport({ diagnosis: aDiagnosis({ authorship }) })))).toContain(words);
  });

  test('says that it is late where a limit of GitHub put it off', () => {
    const late = readable(failureMessage(aReport({ diagnosis: aDiagnosis({ wasLimited: true }) })));

    expect(late).toContain('Late because GitHub limited our requests.');
    expect(readable(failureMessage(aReport()))).not.toContain('Late because');
  });

  test('says how much earlier an answer was given that it took over', () => {
    const reusedFrom = SummaryId.parse('0b7f7c52-9d0e-4c1e-8f5a-6f1f2b3c4d5e');
    const authorship = { ...aDiagnosis().authorship, model: 'claude-haiku-5-5', reusedFrom };
    const report = aReport({ diagnosis: aDiagnosis({ authorship }) });
    expect(readable(failureMessage({ ...report, reusedAt: minutesLater(-180) }))).toContain(
      'claude-haiku-5-5, 3 hours before.',
    );
  });

  test('reads what earlier versions stored, which did not know costs', () => {
    const { provider, promptVersion, inputTokens, outputTokens, latencyMs, fallbackReason } = aDiagnosis().authorship;
    const model = 'claude-haiku-5-5';
    const old = { provider, model, promptVersion, inputTokens, outputTokens, latencyMs, fallbackReason };
    const stored = aDiagnosis();
    Object.assign(stored, { authorship: old });
    expect(readable(failureMessage(aReport({ diagnosis: stored })))).toContain(
      'Explained by claude-haiku-5-5 in 42 ms.',
    );
  });

  test('opens the attempt that failed, not the newest one', () => {
    const message = failureMessage(aReport({ run: aRun({ attempt: 2 }) }));
    expect(JSON.stringify(message.blocks)).toContain('/actions/runs/17234567890/attempts/2"');
  });

  test('leaves out links and the button where the address of the run is none', () => {
    const message = failureMessage(aReport({ run: aRun({ url: 'javascript:alert(1)' }) }));
    expect(JSON.stringify(message.blocks)).not.toContain('javascript:');
    expect(JSON.stringify(message.blocks)).not.toContain('"View run"');
  });
});

describe('the thread', () => {
  test('has the next step and the failing tests by name', () => {
    const { summary, run } = aReport();
    expect(evidenceReply(summary, run)).toMatchSnapshot();
  });

  test('has the excerpt with its line numbers, as text that nothing formats', () => {
    const { summary, run } = aReport();
    expect(excerptReply(summary, run)).toMatchSnapshot();
  });

  test('says how many lines of a long excerpt are left out', () => {
    const excerpt = Array.from({ length: 100 }, (_, index) => aLine({ line: index + 1, text: 'x'.repeat(200) }));
    const { summary, run } = aReport({ diagnosis: aDiagnosis({ excerpt }) });
    const message = excerptReply(summary, run);
    expect(message && readable(message)).toMatch(/… \d+ more in the run's log/u);
    expect(message && faultsIn(message)).toEqual([]);
  });

  test('keeps of a long excerpt what stands nearest to the proof, wherever that is', () => {
    const excerpt = Array.from({ length: 100 }, (_, index) =>
      aLine({ line: index + 1, text: `line ${index + 1} ${'x'.repeat(200)}` }),
    );
    const evidence = excerpt.slice(96, 98);
    const { summary, run } = aReport({ diagnosis: aDiagnosis({ excerpt, evidence }) });
    const message = excerptReply(summary, run);
    const words = message === null ? '' : readable(message);
    expect(words).toContain('line 97 x');
    expect(words).toContain('line 100 x');
    expect(words).not.toContain('line 2 x');
  });

  test('says where lines of the excerpt were left out, save for a blank one or two', () => {
    const excerpt = [8, 9, 12, 312].map((line) => aLine({ line, text: `words of ${line}` }));
    const { summary, run } = aReport({ diagnosis: aDiagnosis({ excerpt }) });
    const message = excerptReply(summary, run);
    expect(message && readable(message)).toContain(
      '  8  words of 8\n  9  words of 9\n 12  words of 12\n     … 299 lines left out\n312  words of 312',
    );
  });

  test('has no excerpt where there was no log', () => {
    const { summary, run } = aReport({ diagnosis: aDiagnosis({ excerpt: [] }) });
    expect(excerptReply(summary, run)).toBeNull();
  });

  test('notes another occurrence in one line, and another look with its cause', () => {
    const { summary, run, failure } = aReport({ failure: { occurrences: 4 } });
    expect(readable(againReply({ run, failure }))).toBe(
      'Failed again on 4f9c2d1 Round prices half to even by ada, 4 times now',
    );
    const rerun = againReply({ run: aRun({ attempt: 2, number: 812 }), failure: aReport().failure });
    expect(readable(rerun)).toBe('Failed again on 4f9c2d1 Round prices half to even by ada, attempt 2 of run #812');
    expect(rerun.text).toBe('Failed again on 4f9c2d1 by ada, attempt 2 of run #812');
    expect(readable(reanalysisReply(summary))).toContain('Analyzed again: price › rounds half to even');
  });
});

describe('the recovery', () => {
  const failure = aFailure({ status: 'resolved', resolution: aResolution(), occurrences: 2 });

  test('turns the message green and says what fixed it and how long it took', () => {
    const report = { failure, resolution: aResolution(), summary: fixedIds().summary };
    expect(recoveryMessage(report)).toMatchSnapshot();
    expect(readable(recoveryReply(report))).toBe(
      '🟢 Fixed by Use half-even rounding (b7e1b7e) by ben after 42 minutes',
    );
  });

  test('calls a failure flaky when the same commit passed', () => {
    const resolution = aResolution({ kind: 'passed-on-rerun', at: minutesLater(0.5) });
    const report = { failure, resolution, summary: null };
    expect(recoveryMessage(report).text).toContain('Passed on re-run of the same commit: flaky');
    expect(readable(recoveryMessage(report))).toContain('less than a minute');
  });
});

describe('the answer to a question', () => {
  test('holds the next step, which a thread would have', () => {
    expect(readable(summaryAnswer(aReport()))).toContain('Next step: Use Intl.NumberFormat');
  });

  test('says first that a resolved failure is over', () => {
    const report = aReport({ failure: { status: 'resolved', resolution: aResolution() } });
    expect(readable(summaryAnswer(report)).startsWith('🟢 Fixed: price › rounds')).toBe(true);
  });
});

describe('whatever stands in the outside text', () => {
  const anyText = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary', maxLength: 400 }));
  const anyNullable = fc.option(anyText, { nil: null });
  const anyLine = fc
    .tuple(fc.integer({ min: 1, max: 9_999_999 }), anyText)
    .map(([line, text]) => aLine({ line, text }));
  const anyJob: fc.Arbitrary<JobFinding> = fc
    .tuple(anyText, anyText, anyNullable, anyNullable)
    .map(([name, fingerprint, failedStep, url]) => aFinding({ name, fingerprint, failedStep, url }));
  const anyFact = fc.record({
    name: anyText,
    file: anyText,
    line: fc.option(fc.integer({ min: 1 }), { nil: null }),
    message: anyText,
  });
  const anyProblem = fc.record({
    file: anyText,
    line: fc.option(fc.integer({ min: 1 }), { nil: null }),
    column: fc.option(fc.integer({ min: 1 }), { nil: null }),
    message: anyText,
    rule: fc.option(anyText, { nil: null }),
  });
  const anyDiagnosis = fc
    .record({
      headline: anyText,
      cause: anyText,
      nextStep: anyText,
      category: fc.constantFrom(...CATEGORIES),
      verdict: fc.record({ kind: fc.constantFrom(...VERDICTS), reasons: fc.array(anyText, { maxLength: 5 }) }),
      confidence: fc.constantFrom(...CONFIDENCES),
      evidence: fc.array(anyLine, { maxLength: 12 }),
      excerpt: fc.array(anyLine, { maxLength: 100 }),
      jobs: fc.array(anyJob, { maxLength: 40 }),
      totalJobs: fc.nat(500),
      facts: fc.record({
        failingTests: fc.array(anyFact, { maxLength: 20 }),
        problems: fc.array(anyProblem, { maxLength: 20 }),
      }),
      model: anyNullable,
    })
    .map(({ facts, model, ...rest }) => {
      const base = aDiagnosis();
      return {
        ...base,
        ...rest,
        facts: { ...base.facts, ...facts },
        authorship: { ...base.authorship, model, fallbackReason: model },
      };
    });
  const anyRun = fc
    .record({ title: anyText, branch: anyText, actor: anyText, workflow: anyText, headSha: anyText, url: anyText })
    .map((changes) => aRun(changes));

  const messagesOf = (diagnosis: ReturnType<typeof aDiagnosis>, run: ReturnType<typeof aRun>) => {
    const report = aReport({
      diagnosis,
      run,
      failure: { branch: run.branch, workflow: run.workflow, last: aSighting(run) },
    });
    const resolution = aResolution({ title: run.title, actor: run.actor, url: run.url, headSha: run.headSha });
    const recovery = { failure: report.failure, resolution, summary: report.summary };
    const excerpt = excerptReply(report.summary, run);
    return [
      failureMessage(report),
      summaryAnswer(report),
      evidenceReply(report.summary, run),
      ...(excerpt === null ? [] : [excerpt]),
      againReply(report),
      reanalysisReply(report.summary),
      recoveryMessage(recovery),
      recoveryReply(recovery),
    ];
  };

  test('every message keeps all limits, hides nothing and marks nothing up', () => {
    fc.assert(
      fc.property(anyDiagnosis, anyRun, (diagnosis, run) => {
        for (const message of messagesOf(diagnosis, run)) expect(faultsIn(message)).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  test.each(Object.entries(HOSTILE_BY_NAME))('%s reaches no place where Slack reads markup', (_name, text) => {
    const line = aLine({ text });
    const diagnosis = aDiagnosis({
      headline: text,
      cause: text,
      nextStep: text,
      evidence: [line],
      excerpt: [line],
      jobs: [aFinding({ name: text, failedStep: text })],
    });
    for (const message of messagesOf(diagnosis, aRun({ title: text, actor: text, branch: text, workflow: text }))) {
      expect(faultsIn(message)).toEqual([]);
      expect(textsIn(message.blocks).filter(({ type }) => type === 'mrkdwn')).toEqual([]);
      expect(JSON.stringify(message.blocks)).not.toMatch(/"type":"(user|usergroup|broadcast|channel|emoji)"/u);
      expect(message.text).not.toMatch(/[<>]/u);
    }
  });
});

describe('the jobs that the parent has no room for', () => {
  const jobs = (total: number) =>
    Array.from({ length: total }, (_, index) => aFinding({ name: `shard ${index}`, fingerprint: `f${index}` }));
  const replyTo = (total: number) =>
    jobsReply(aReport({ diagnosis: aDiagnosis({ jobs: jobs(total), totalJobs: total }) }).summary);

  test('are a table in the thread, and none where there are few', () => {
    expect(replyTo(8)).toBeNull();

    const [table, rest] = replyTo(60)?.blocks ?? [];
    expect(table).toMatchObject({ type: 'data_table', caption: 'All 60 jobs failed' });
    expect(table?.type === 'data_table' && table.rows).toHaveLength(51);
    expect(JSON.stringify(rest)).toContain('and 10 more jobs');
  });

  test('are lines where Slack takes no table, as a fold is its contents', () => {
    const [reply, { summary, run }] = [replyTo(9), aReport()];
    const [lines] = reply === null ? [] : simplerForms(reply);
    const excerpt = excerptReply(summary, run);
    const [open] = excerpt === null ? [] : simplerForms(excerpt);

    expect(lines?.blocks.map(({ type }) => type)).toEqual(['section', 'rich_text']);
    expect(lines && readable(lines)).toContain('shard 8  Run npm test  1');
    expect(open && readable(open)).toContain('214  expect(received).toBe(expected)');
    expect(open?.blocks.map(({ type }) => type)).not.toContain('container');
  });
});
