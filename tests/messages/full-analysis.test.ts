import { describe, expect, test } from '@jest/globals';
import { fullAnalysisModal } from '../../src/messages/full-analysis.ts';
import { refuseView } from '../../src/sandbox/slack/validation/validate.ts';
import { HOSTILE, faultsIn, readable } from '../support/hostile.ts';
import { aDiagnosis, aFinding, aLine, aReport } from '../support/report-builders.ts';

/** As much as can be stored of everything, in text that is larger on its way than it looks. */
function everything(text: string) {
  const jobs = Array.from({ length: 500 }, (_, index) =>
    aFinding({
      name: `${text} ${index}`,
      failedStep: text,
      fingerprint: `f${index}`,
      url: `https://x.example/${'a'.repeat(1_900)}`,
    }),
  );
  const lines = Array.from({ length: 400 }, (_, index) => aLine({ line: index * 5 + 1, text }));
  return aReport({
    diagnosis: aDiagnosis({
      headline: text,
      cause: text,
      nextStep: text,
      verdict: { kind: 'new', reasons: Array.from({ length: 30 }, () => text) },
      jobs,
      totalJobs: 500,
      evidence: lines.slice(0, 40),
      excerpt: lines,
      facts: {
        ...aDiagnosis().facts,
        failingTests: Array.from({ length: 200 }, () => ({ name: text, file: text, line: 1, message: text })),
        problems: Array.from({ length: 200 }, () => ({ file: text, line: 1, column: 1, rule: null, message: text })),
      },
    }),
  });
}

describe('the window of the full analysis', () => {
  test.each([...HOSTILE, '💥'.repeat(3_000), '\u0001"\\'.repeat(3_000)])(
    'is what Slack takes, however much there is (%#)',
    (text) => {
      const view = fullAnalysisModal({ ...everything(text), similar: [] });
      expect(refuseView(view, 'modal')).toBeNull();
      expect(faultsIn(view, 100)).toEqual([]);
      // Who wrote it is never what is left out.
      expect(JSON.stringify(view.blocks.at(-1))).toContain('Offline analysis');
    },
  );

  test('says of jobs and lines how many it has no room for', () => {
    const view = fullAnalysisModal({ ...everything('a line of the log '.repeat(12)), similar: [] });
    const words = readable(view);
    expect(words).toContain('and 460 more jobs');
    expect(words).toMatch(/\d+ more lines of it did not fit/u);
  });

  test('shows every reason of the verdict and the whole cause, which the message shortens', () => {
    const cause = `${'because of this '.repeat(60)}in the end`;
    const reasons = ['one', 'two', 'three', 'four'];
    const view = fullAnalysisModal({
      ...aReport({ diagnosis: aDiagnosis({ cause, verdict: { kind: 'new', reasons } }) }),
      similar: [],
    });
    const words = readable(view);
    expect(words).toContain(cause);
    for (const reason of reasons) expect(words).toContain(reason);
  });
});
