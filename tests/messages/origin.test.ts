import { expect, test } from '@jest/globals';
import { evidenceReply } from '../../src/messages/thread.ts';
import { faultsIn, HOSTILE, readable } from '../support/hostile.ts';
import { aReport } from '../support/report-builders.ts';

const { summary, run } = aReport();
const url = 'https://github.com/acme/web/actions/runs/810';
const firstBad = { sha: 'b'.repeat(40), title: 'Round prices', actor: 'octo-ben', runNumber: 810, url };
const NOTHING = { firstBad, lastGood: null, commits: null, suspects: [], otherBranches: [] };
const withOrigin = (origin: typeof summary.diagnosis.origin) =>
  evidenceReply({ ...summary, diagnosis: { ...summary.diagnosis, origin } }, run);

test('the proof says where a failure began, whom it may be from and why, and where else it is met', () => {
  const shown = readable(
    withOrigin({
      firstBad,
      lastGood: { sha: 'a'.repeat(40), runNumber: 809, url },
      commits: 1,
      suspects: [
        {
          sha: 'b'.repeat(40),
          title: 'Round prices',
          actor: 'octo-ben',
          reason: 'it changes src/price.ts, which the failure names',
        },
      ],
      otherBranches: ['topic'],
    }),
  );

  expect(shown).toContain('First failed at bbbbbbb Round prices by octo-ben, run #810');
  expect(shown).toContain('Last passed at aaaaaaa, run #809, 1 commit before.');
  expect(shown).toMatch(
    /1 suspect.*bbbbbbb Round prices by octo-ben: it changes src\/price\.ts, which the failure names/u,
  );
  expect(shown).toContain('The same cause also fails on topic');
  expect(readable(withOrigin(NOTHING))).toContain('No earlier run that passed on this branch is known.');
});

test('owners are named, as part of the reason and as whom to ask, and nobody is called by that', () => {
  const suspect = { sha: 'b'.repeat(40), title: 'Round', actor: 'octo-ben', reason: 'it changes src/a.ts' };
  const owners = ['acme/payments', 'U0BEN'];
  const message = withOrigin({ ...NOTHING, suspects: [{ ...suspect, owners }], owned: { path: 'src/a.ts', owners } });

  expect(readable(message)).toContain('it changes src/a.ts, owned by acme/payments, U0BEN');
  expect(readable(message)).toContain('Whom to ask: acme/payments, U0BEN (CODEOWNERS of src/a.ts)');
  expect(JSON.stringify(message)).not.toMatch(/"type":"user/u);
});

test.each(HOSTILE.map((text, index) => [index, text] as const))(
  'holds what Slack takes, hostile text %i',
  (_index, text) => {
    const one = { sha: text, title: text, actor: text, reason: text };
    const origin = {
      firstBad: { ...firstBad, title: text, actor: text, url: text },
      lastGood: { sha: text, runNumber: 809, url: text },
      commits: 3,
      suspects: [one, one, one],
      otherBranches: [text, text, text, text, text],
    };
    const shown = withOrigin(origin);

    expect(faultsIn(shown)).toEqual([]);
    expect(JSON.stringify(shown.blocks)).not.toMatch(/"type":"(?:broadcast|user|mrkdwn)"/u);
  },
);
