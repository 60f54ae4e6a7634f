import type { Message, StreamStep } from '../domain/message.ts';
import { ANSWER_STAGES, type AnswerStage, type SummaryTarget } from '../domain/jobs.ts';
import { placeWords } from './answer.ts';
import { message } from './blocks.ts';
import { bold, paragraph, text } from './rich-text.ts';
import { duration, oneLine } from './text.ts';

/** Said at once to the person who asked; the answer follows. */
export function lookingMessage(target: SummaryTarget): Message {
  const words = `Looking at ${targetWords(target)}. The answer comes here, usually within half a minute.`;
  return message(words, [paragraph(text(words)), stageLines('fetching')]);
}

function targetWords(target: SummaryTarget): string {
  switch (target.kind) {
    case 'channel':
      return target.branch === undefined
        ? 'the last failure in the repositories of this channel'
        : `the last failure on the branch ${oneLine(target.branch, 100)} in the repositories of this channel`;
    case 'called':
      return `the last failure of ${oneLine(target.name, 100)}`;
    case 'latest':
      return target.branch === undefined
        ? `the last failing run of ${target.repository}`
        : `the last failing run ${placeWords(target)}`;
    case 'pull-request':
      return `the newest commit of ${target.repository}#${target.number}`;
    case 'run':
      return `run ${target.runId} of ${target.repository}`;
    default:
      return target satisfies never;
  }
}

const STAGE_WORDS: Record<AnswerStage, string> = {
  fetching: 'Fetching logs',
  matching: 'Matching history',
  asking: 'Asking the model',
};

/** How far the answer has come. */
export function stageMessage(stage: AnswerStage): Message {
  return message(`${STAGE_WORDS[stage]}. The answer comes here.`, [stageLines(stage)]);
}

/** GitHub answers nothing until then; the answer follows. */
export function waitingMessage(waitMs: number): Message {
  const words = `GitHub limits my requests for another ${duration(waitMs)}. I go on then, and the answer comes here.`;
  return message(words, [paragraph(text(words))]);
}

/** What a message shows that tells of its steps: that a run is looked for, then each stage that was reached. `last` is how the last one stands. */
export function answerSteps(reached: readonly AnswerStage[], last: StreamStep['state']): StreamStep[] {
  const steps = [
    { id: 'looking', title: 'Looking for the run' },
    ...reached.map((stage) => ({ id: stage, title: STAGE_WORDS[stage] })),
  ];
  return steps.map((step, index) => ({ ...step, state: index === steps.length - 1 ? last : 'done' }));
}

/** Every stage on a line: done, in hand, or still to come. */
function stageLines(stage: AnswerStage) {
  const at = ANSWER_STAGES.indexOf(stage);
  return paragraph(
    ...ANSWER_STAGES.flatMap((each, index) => {
      const words = STAGE_WORDS[each];
      const line = index < at ? text(`✅ ${words}`) : index === at ? bold(`⏳ ${words} …`) : text(`▫️ ${words}`);
      return index === 0 ? [line] : [text('\n'), line];
    }),
  );
}
