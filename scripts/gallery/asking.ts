import { RepositoryName } from '../../src/domain/ids.ts';
import { firstOfSeveral, nothingCalledAnswer, summaryAnswer } from '../../src/messages/answer.ts';
import {
  cannotAnswerHereMessage,
  mentionHelpMessage,
  noLinkMessage,
  unclearMentionMessage,
} from '../../src/messages/mention.ts';
import { lookingMessage } from '../../src/messages/progress.ts';
import { linkPreview } from '../../src/messages/unfurl.ts';
import { aFailure, aReport, aResolution, aRun, MOMENT } from '../../tests/support/report-builders.ts';
import { type GalleryState, posted, told } from './state.ts';

const web = RepositoryName.parse('acme/web');
const OBSTACLES = ['not-a-channel', 'not-invited', 'archived', 'shared'] as const;

/** What comes of asking in other ways than by a command. */
export function askingStates(): GalleryState[] {
  return [...mentions(), ...shortcuts(), ...links()];
}

function mentions(): GalleryState[] {
  return [
    posted('looking-at-what-is-called', lookingMessage({ kind: 'called', name: 'Deploy to production' })),
    posted('nothing-called', nothingCalledAnswer({ name: 'Deploy to production', repository: web })),
    posted('mention-help', mentionHelpMessage()),
    told('mention-unclear', unclearMentionMessage()),
    ...OBSTACLES.map((kind) => told(`mention-${kind}`, cannotAnswerHereMessage(kind))),
  ];
}

function shortcuts(): GalleryState[] {
  return [
    told('shortcut-without-a-link', noLinkMessage('github.com')),
    told('summary-first-of-several', firstOfSeveral(summaryAnswer(aReport()), 3)),
  ];
}

/** What stands below a link to a run. */
function links(): GalleryState[] {
  const { run, summary, failure } = aReport();
  const over = aFailure({ status: 'resolved', resolution: aResolution() });
  return [
    posted('link-open', linkPreview({ run, explained: { summary, failure }, at: MOMENT })),
    posted('link-over', linkPreview({ run, explained: { summary, failure: over }, at: MOMENT })),
    posted('link-unexplained', linkPreview({ run, explained: null, at: MOMENT })),
    posted(
      'link-under-way',
      linkPreview({ run: aRun({ status: 'in_progress', conclusion: null }), explained: null, at: MOMENT }),
    ),
  ];
}
