import { describe, expect, test } from '@jest/globals';
import { RepositoryName } from '../../src/domain/ids.ts';
import { checkAnswer, commentAnswer } from '../../src/messages/github-answer.ts';
import { HOSTILE } from '../support/hostile.ts';
import { aDiagnosis, aFailure, aLine, aReport, aResolution, aRun } from '../support/report-builders.ts';

/** As in markdown.test.ts: what GitHub would make a mention, a reference or a link of, outside of fences and our own links. */
const LIVE = /@(?!&#8203;)|(?<!&)#(?!&#8203;)|\bgh-\d|:\/\/|\bwww\./iu;
const withoutOwn = (markdown: string): string =>
  markdown
    .replaceAll(/^(`{3,})text\n[^]*?\n\1$/gmu, '')
    .replaceAll(/\]\(<https:\/\/github\.com\/[^>]+>\)/gu, ']')
    .replaceAll(/^#{3} /gmu, '')
    .replaceAll(/<!-- .*? -->/gu, '');
const at = (file: string, line: number | null) => ({ file, line, column: null, message: 'no such name', rule: null });

describe('answers on GitHub', () => {
  test.each(HOSTILE.map((text, index) => [index, text] as const))(
    'call nobody and lead nowhere, hostile text %i',
    (_index, text) => {
      const hostile = `${text} @octocat fixes #12 GH-7 https://evil.example www.evil.example`;
      const diagnosis = aDiagnosis({
        headline: hostile,
        cause: hostile,
        nextStep: hostile,
        verdict: { kind: 'new', reasons: [hostile] },
        evidence: [aLine({ text: hostile })],
      });
      const report = aReport();
      const run = aRun({ workflow: hostile, branch: hostile, title: hostile });
      const failure = aFailure({ workflow: hostile, branch: hostile, resolution: aResolution({ title: hostile }) });
      const open = { ...report, run, summary: { ...report.summary, diagnosis } };
      const check = checkAnswer({ ...open, failure: { ...failure, status: 'resolved' } });
      const comment = commentAnswer({ repository: run.repository, pullRequest: 7 }, { open: [open], over: [failure] });
      if (check.form !== 'check' || comment.form !== 'comment') throw new Error('another form');

      expect(withoutOwn(check.summary)).not.toMatch(LIVE);
      expect(withoutOwn(comment.body)).not.toMatch(LIVE);
      expect(check.title.length).toBeLessThanOrEqual(200);
      expect(check.summary.length).toBeLessThan(65_535);
      expect(comment.body.length).toBeLessThan(65_536);
      expect(comment.body.startsWith(comment.mark)).toBe(true);
    },
  );

  test('point at files of the repository, and at nothing outside of it', () => {
    const { summary, ...report } = aReport();
    const places = [
      './src/pay.ts',
      'src\\win.ts',
      '/etc/passwd',
      '../up.ts',
      'a/../../b.ts',
      'C:/x.ts',
      'https://e.x/y.ts',
      '',
    ];
    const problems = [...places.map((file) => at(file, 3)), at('src/none.ts', null), at('src/zero.ts', 0)];
    const diagnosis = aDiagnosis({ facts: { ...aDiagnosis().facts, problems, failingTests: [] } });
    const check = checkAnswer({ ...report, summary: { ...summary, diagnosis } });

    expect(check).toMatchObject({
      annotations: [
        { path: 'src/pay.ts', line: 3, message: 'no such name' },
        { path: 'src/win.ts', line: 3, message: 'no such name' },
      ],
    });
  });

  test('a comment without open failures says that nothing fails, and what ended it', () => {
    const repository = RepositoryName.parse('acme/web');
    const over = [aFailure({ status: 'resolved', resolution: aResolution({ title: 'Round once' }) })];
    const comment = commentAnswer({ repository, pullRequest: 7 }, { open: [], over });

    expect(comment).toMatchObject({
      body: expect.stringMatching(/Nothing fails here any more[^]*Fixed by .*Round once/u),
    });
  });
});
