import { randomUUID } from 'node:crypto';
import { ChannelId, MessageTs, RepositoryName, SummaryId } from '../../src/domain/ids.ts';
import type { ListedFailure } from '../../src/domain/roundup.ts';
import { roundupMessage, showListedReply } from '../../src/messages/roundup.ts';
import { HOSTILE } from '../../tests/support/hostile.ts';
import { aFailure, aResolution } from '../../tests/support/report-builders.ts';
import { type GalleryState, posted, told } from './state.ts';

const CAUSES = [
  'price › rounds half to even: expected 2.34, received 2.35',
  'npm ERR! 404 Not Found: @acme/tokens@4.0.0',
  'src/api/session.ts(12,5): error TS2322: Type "string" is not assignable to type "number"',
];

/** The message that lists what came too fast for a message each. */
export function roundupStates(): GalleryState[] {
  const channelId = ChannelId.parse('C0PAYMENTS');
  const storm = (entries: ListedFailure[]) => roundupMessage({ occasion: 'storm', channelId, entries });
  const three = CAUSES.map((headline, index) => aListed({ headline, branch: `feature/${index}` }));
  const many = Array.from({ length: 500 }, (_, index) =>
    aListed({
      headline:
        index % 40 === 0
          ? (CAUSES[index % 3] ?? '')
          : `suite ${index % 40} › test ${index % 40} timed out after 5,000 ms`,
      fingerprint: `f${index % 40}`,
      repository: `acme/service-${index % 7}`,
      branch: `renovate/dependency-${index}`,
      isOver: index % 5 === 0,
    }),
  );
  const hostile = HOSTILE.map((words, index) =>
    aListed({ headline: words, branch: words || 'main', fingerprint: `${index}` }),
  );
  return [
    posted('roundup-storm', storm(three)),
    posted(
      'roundup-storm-shown',
      storm([{ ...aListed({}), threadTs: MessageTs.parse('1764000000.000100') }, ...three]),
    ),
    posted('roundup-storm-of-500', storm(many)),
    posted('roundup-storm-half-over', storm([...three, aListed({ isOver: true, branch: 'main' })])),
    posted('roundup-storm-over', storm(CAUSES.map((headline) => aListed({ headline, isOver: true })))),
    posted('roundup-hostile', storm(hostile)),
    ...(['shown', 'over', 'gone'] as const).map((outcome) =>
      told(`roundup-choice-${outcome}`, showListedReply(outcome)),
    ),
  ];
}

interface Changes {
  headline?: string;
  branch?: string;
  fingerprint?: string;
  repository?: string;
  isOver?: boolean;
}

function aListed({ headline = 'It broke', branch = 'main', isOver = false, ...changes }: Changes): ListedFailure {
  const repository = RepositoryName.parse(changes.repository ?? 'acme/web');
  const fingerprint = changes.fingerprint ?? headline;
  const over = isOver ? ({ status: 'resolved', resolution: aResolution() } as const) : {};
  return {
    failure: aFailure({ repository, branch, fingerprint, ...over }),
    summaryId: SummaryId.parse(randomUUID()),
    headline,
    url: `https://github.com/${repository}/actions/runs/17234567890`,
    threadTs: null,
  };
}
