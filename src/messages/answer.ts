import type { KnownBlock } from '@slack/types';
import type { Message } from '../domain/message.ts';
import type { RepositoryName, UserId } from '../domain/ids.ts';
import type { NamedTarget } from '../domain/jobs.ts';
import type { Run } from '../domain/run.ts';
import { ACTION } from './action-ids.ts';
import { actions, header, linkButton, message, section, sentence, withLead } from './blocks.ts';
import { commitLine, failureMessage, type FailureReport } from './diagnosis.ts';
import { recoveryMessage } from './recovery.ts';
import { bold, paragraph, plain, text } from './rich-text.ts';
import { count, oneLine } from './text.ts';
import { conclusionWords, notVisibleWords } from './words.ts';

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

/** The answer where all see it, under the name of whoever asked. "Re-analyze" is left out: nothing edits this message later. */
export function postedAnswer(answer: Message, userId: UserId): Message {
  const lead = paragraph({ type: 'user', user_id: userId }, text(' asked about this run'));
  const blocks = answer.blocks.flatMap((block): KnownBlock[] => {
    if (block.type !== 'actions') return [block];
    const elements = block.elements.filter((element) => element.action_id !== ACTION.reanalyze);
    return elements.length > 0 ? [{ ...block, elements }] : [];
  });
  return withLead(lead, { ...answer, blocks });
}

/** For the person who asked, once the answer stands in the channel. */
export function postedReply(): Message {
  return sentence('The answer stands in this channel, for all to see.');
}

/** Of a message that names several runs, the first is explained. */
export function firstOfSeveral(answer: Message, several: number): Message {
  return withLead(
    section(`That message links to ${several} runs or pull requests; this is the first of them.`),
    answer,
  );
}

/** The channel took no message of ours: the answer is for the person who asked, after all. */
export function cannotPostAnswer(answer: Message): Message {
  return withLead(section('I could not post this in the channel, so only you see it.'), answer);
}

export function noFailingRunAnswer(target: NamedTarget): Message {
  const again = 'If one is still going, ask again when it is done.';
  switch (target.kind) {
    case 'pull-request':
      return sentence(
        `I found no failing run of the newest commit of ${target.repository}#${target.number}. ${again} For the last failing run of the repository: /cortex summarize ${target.repository}`,
      );
    case 'latest':
      return sentence(`I found no failing run ${placeWords(target)}. ${again}`);
    case 'run':
      return sentence(`I found no failing run in ${target.repository}. ${again}`);
    default:
      return target satisfies never;
  }
}

/** `in acme/web`, `on the branch main of acme/web`. */
export function placeWords({
  repository,
  branch,
}: {
  repository: RepositoryName;
  branch?: string | undefined;
}): string {
  return branch === undefined ? `in ${repository}` : `on the branch ${oneLine(branch, 100)} of ${repository}`;
}

export function notFoundAnswer(target: NamedTarget): Message {
  const { repository } = target;
  const last = `For the last failing run: /cortex summarize ${repository}`;
  return target.kind === 'pull-request'
    ? sentence(`I found no pull request ${target.number} in ${repository}. Check the number. ${last}`)
    : sentence(
        `I found no such run in ${repository}. It may have been deleted, or the address is not complete. Copy it from the page of the run. ${last}`,
      );
}

/** The model that was asked for by name is not one that this workspace asks. */
export function modelNotHereMessage({ provider, missing }: { provider: string; missing: string | null }): Message {
  const why =
    missing === null
      ? 'none of its models is among those that this workspace asks. An admin can change that: /cortex settings'
      : `whoever runs me would have to set ${missing}`;
  return sentence(`${provider} cannot be asked here: ${why}. To ask what is there: --model small or --model large`);
}

export function nothingSubscribedAnswer(): Message {
  return sentence(
    'This channel hears about no repository yet, so I do not know where to look. Name one: /cortex summarize owner/repo. To hear about it here: /cortex subscribe owner/repo',
  );
}

export function noFailureHereAnswer(branch?: string): Message {
  const where = branch === undefined ? '' : ` on the branch ${oneLine(branch, 100)}`;
  return sentence(`I found no failing run${where} in the repositories that this channel hears about.`);
}

/** Nothing that failed is called as the person called it. */
export function nothingCalledAnswer({
  name,
  repository,
}: {
  name: string;
  repository?: RepositoryName | undefined;
}): Message {
  const where = repository ?? 'the repositories that this channel hears about';
  return sentence(
    `I found no failing run of a branch or workflow called ${oneLine(name, 100)} in ${where}. I can also look by the address of a run or a pull request, or by owner/repo@branch.`,
  );
}

export function notVisibleAnswer(repository: RepositoryName): Message {
  return sentence(notVisibleWords(repository));
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
