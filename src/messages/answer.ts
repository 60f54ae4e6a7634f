import type { Message } from '../domain/message.ts';
import type { RepositoryName } from '../domain/ids.ts';
import type { Run } from '../domain/run.ts';
import { ACTION } from './action-ids.ts';
import { actions, header, linkButton, message, sentence } from './blocks.ts';
import { commitLine, failureMessage, type FailureReport } from './diagnosis.ts';
import { recoveryMessage } from './recovery.ts';
import { bold, paragraph, plain, text } from './rich-text.ts';
import { count } from './text.ts';
import { conclusionWords } from './words.ts';

/** The answer to `summarize`: the message of the failure, and the next step, which a thread would hold. */
export function summaryAnswer(report: FailureReport): Message {
  const parent = failureMessage(report);
  const { failure, summary } = report;
  const next = paragraph(bold('Next step: '), plain(summary.diagnosis.nextStep, 600));
  const [head, ...rest] = parent.blocks;
  const blocks = head === undefined ? rest : [head, ...rest.slice(0, 1), next, ...rest.slice(1)];
  if (failure.status === 'open' || failure.resolution === null) return { ...parent, blocks };
  const { blocks: recovered } = recoveryMessage({ failure, resolution: failure.resolution, summary });
  return { ...parent, blocks: [...recovered.slice(0, 2), ...blocks.slice(1)] };
}

export function noFailingRunAnswer(repository: RepositoryName): Message {
  return sentence(`I found no failing run in ${repository}. If one is still going, ask again when it is done.`);
}

export function noSuchRunAnswer(repository: RepositoryName): Message {
  return sentence(
    `I found no such run in ${repository}. It may have been deleted, or the address is not complete. Copy it from the page of the run. For the last failing run: /cortex summarize ${repository}`,
  );
}

export function notVisibleAnswer(repository: RepositoryName): Message {
  return sentence(
    `I cannot see ${repository}. Either it does not exist, or the GitHub App is not installed there for this workspace. Check the spelling, or ask whoever manages GitHub to add the repository to the app.`,
  );
}

/** The run that was asked about has nothing to explain. */
export function notFailingAnswer(run: Run): Message {
  const state = run.status === 'completed' ? conclusionWords(run.conclusion) : 'is not done yet';
  const words = `${run.workflow} #${run.number} of ${run.repository} ${state}: there is no failure to explain`;
  return message(words, [
    header(run.status === 'completed' ? 'Nothing failed' : 'Not done yet'),
    paragraph(text(`${count(run.attempt, 'attempt')} so far; the last one ${state}. There is no failure to explain.`)),
    paragraph(...commitLine(run)),
    ...actions(linkButton('View run', { actionId: ACTION.viewRun, url: run.url })),
  ]);
}
