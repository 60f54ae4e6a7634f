import { DEPLOYMENT_STATES } from '../../src/domain/happening.ts';
import { HOLD_OCCASIONS } from '../../src/domain/roundup.ts';
import { happeningListMessage, happeningMessage } from '../../src/messages/happening.ts';
import { aCheck, aDeployment, aPullRequest, aRelease, kept } from '../../tests/support/happenings.ts';
import { HOSTILE } from '../../tests/support/hostile.ts';
import { minutesLater } from '../../tests/support/report-builders.ts';
import { type GalleryState, posted } from './state.ts';

/** One line for each thing that happens beside workflow runs. */
export function happeningStates(): GalleryState[] {
  const mended = aDeployment({ state: 'success', sha: 'b2c3d4e'.padEnd(40, '0'), at: minutesLater(42) });
  return [
    ...DEPLOYMENT_STATES.map((state) => posted(`deployment-${state}`, happeningMessage(kept(aDeployment({ state }))))),
    posted(
      'deployment-described',
      happeningMessage(kept(aDeployment({ description: 'The health check did not answer within 300 seconds.' }))),
    ),
    posted('deployment-made-up-for', happeningMessage(kept(aDeployment(), { sequel: mended }))),
    posted('check-failing', happeningMessage(kept(aCheck()))),
    posted('check-failing-for-long', happeningMessage(kept(aCheck({ failures: 3, at: minutesLater(180) })))),
    posted('check-passing', happeningMessage(kept(aCheck({ isFailing: false, failures: 3, fixedBy })))),
    posted('check-status', happeningMessage(kept(aCheck({ app: null, name: 'ci/legacy', title: 'Build #12 failed' })))),
    ...Object.entries(PULLS).map(([name, more]) =>
      posted(`pull-${name}`, happeningMessage(kept(aPullRequest(more.pull), { checks: more.checks }))),
    ),
    ...(['published', 'unpublished', 'deleted'] as const).map((state) =>
      posted(`release-${state}`, happeningMessage(kept(aRelease({ state })))),
    ),
    posted(
      'release-prerelease',
      happeningMessage(kept(aRelease({ isPrerelease: true, name: '', tag: 'v2.0.0-rc.1' }))),
    ),
    ...HOLD_OCCASIONS.map((occasion) =>
      posted(`happenings-${occasion}`, happeningListMessage({ occasion, entries: ENTRIES })),
    ),
    posted('happenings-well', happeningListMessage({ occasion: 'digest', entries: [kept(aRelease()), kept(mended)] })),
    posted('happenings-100', happeningListMessage({ occasion: 'mute', entries: Array(100).fill(kept(aCheck())) })),
    posted(
      'happenings-hostile',
      happeningListMessage({
        occasion: 'quiet',
        entries: HOSTILE.flatMap((words) => [
          kept(aCheck({ app: words, name: words, branch: words, title: words })),
          kept(aRelease({ tag: words, name: words, target: words })),
        ]),
      }),
    ),
    ...HOSTILE.flatMap(hostileStates),
  ];
}

const ENTRIES = [kept(aDeployment()), kept(aCheck()), kept(aRelease()), kept(aDeployment({ state: 'success' }))];

const fixedBy = { sha: 'b2c3d4e'.padEnd(40, '0'), at: minutesLater(42) };

const PULLS = {
  waiting: { pull: {}, checks: { failing: ['codecov/patch'], passing: 3, underWay: 0 } },
  'waiting-for-many': {
    pull: { base: 'release/2' },
    checks: { failing: Array.from({ length: 9 }, (_, index) => `test (${index})`), passing: 0, underWay: 1 },
  },
  'under-way': { pull: {}, checks: { failing: [], passing: 1, underWay: 1 } },
  green: { pull: {}, checks: { failing: [], passing: 4, underWay: 0 } },
  draft: { pull: { isDraft: true }, checks: { failing: ['CI'], passing: 0, underWay: 0 } },
  merged: { pull: { state: 'merged' }, checks: null },
  closed: { pull: { state: 'closed' }, checks: null },
} as const;

function hostileStates(words: string, index: number): GalleryState[] {
  const pull = aPullRequest({ title: words, branch: words, base: words, actor: words });
  const checks = { failing: HOSTILE, passing: 0, underWay: 0 };
  const deployment = aDeployment({ environment: words, ref: words, actor: words, description: words });
  return [
    posted(`deployment-hostile-${index}`, happeningMessage(kept(deployment))),
    posted(
      `check-hostile-${index}`,
      happeningMessage(kept(aCheck({ app: words, name: words, branch: words, title: words }))),
    ),
    posted(`pull-hostile-${index}`, happeningMessage(kept(pull, { checks }))),
    posted(`release-hostile-${index}`, happeningMessage(kept(aRelease({ tag: words, name: words, target: words })))),
  ];
}
