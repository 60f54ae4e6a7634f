import { ANSWER_STAGES, type AnswerStage } from '../domain/jobs.ts';
import { stageKey } from '../notify/answer-stream.ts';
import { tellProgress, type UserRequest } from '../notify/answer.ts';
import type { JobContext } from './job.ts';

/** As long as Slack takes answers to one question. */
const REMEMBER_MS = 30 * 60_000;

/** Shows how far an answer has come; what goes wrong in showing is nobody's trouble. */
export interface Progress {
  /** Does not wait. Each stage is shown once, however often the job is tried: Slack takes five answers to a question. */
  reach(stage: AnswerStage): void;
  /** Resolves with what was reached when nothing is on its way any more, so that an answer is not overtaken. Never rejects. */
  settle(): Promise<readonly AnswerStage[]>;
}

export function createProgress(context: JobContext, request: UserRequest): Progress {
  const { receipts, log, lease } = context;
  let shown = Promise.resolve();
  const reached: AnswerStage[] = [];
  async function show(stage: AnswerStage): Promise<void> {
    try {
      if (!(await receipts.isFirst(stageKey(lease, stage), REMEMBER_MS))) return;
      await tellProgress(context, request, stage);
    } catch (error) {
      log.debug({ error, stage }, 'Progress could not be shown');
    }
  }
  return {
    reach(stage) {
      const { responseUrl, post, isAppended } = request;
      reached.push(stage);
      // What was said first has the first stage in it, but for a stream.
      const isSaid = stage === ANSWER_STAGES[0] && post?.isStream !== true;
      const isNews = !isSaid && (responseUrl !== undefined || post?.ts !== undefined);
      if (isNews && isAppended !== true) shown = shown.then(() => show(stage));
    },
    async settle() {
      await shown;
      return reached;
    },
  };
}
