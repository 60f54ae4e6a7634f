import type { Message } from '../domain/message.ts';
import type { SummaryTarget } from '../domain/jobs.ts';
import { sentence } from './blocks.ts';

/** Said at once to the person who asked; the answer follows. */
export function lookingMessage(target: SummaryTarget): Message {
  const what =
    target.kind === 'latest'
      ? `the last failing run of ${target.repository}`
      : `run ${target.runId} of ${target.repository}`;
  return sentence(`Looking at ${what}. The answer comes here, usually within half a minute.`);
}

/** The answer to a click on "Re-analyze", for the person who clicked. */
export function reanalyzeReply(kind: 'queued' | 'already-queued' | 'unknown-summary'): Message {
  const words = {
    queued:
      'I am looking again, and ask the larger model where there is one. The message changes when I am done, usually within a minute.',
    'already-queued': 'Somebody asked for that a moment ago; I am on it. The message changes when I am done.',
    'unknown-summary': 'This summary is not stored any more, so there is nothing to look at again.',
  } as const;
  return sentence(words[kind]);
}
