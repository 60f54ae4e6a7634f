import { ANSWER_STAGES, type AnswerStage } from '../domain/jobs.ts';
import type { UserRequest } from '../notify/answer.ts';
import { tellProgress } from '../notify/answer.ts';
import type { JobContext } from './job.ts';

/** As long as Slack takes answers to one question. */
const REMEMBER_MS = 30 * 60_000;

/** Shows how far an answer has come; what goes wrong in showing is nobody's trouble. */
export interface Progress {
  /** Does not wait. Each stage is shown once, however often the job is tried: Slack takes five answers to a question. */
  reach(stage: AnswerStage): void;
  /** Resolves when nothing is on its way any more, so that an answer is not overtaken. Never rejects. */
  settle(): Promise<void>;
}

export function createProgress(context: JobContext, request: UserRequest): Progress {
  const { receipts, log, lease } = context;
  let shown = Promise.resolve();
  async function show(stage: AnswerStage): Promise<void> {
    try {
      if (!(await receipts.isFirst(`progress:${lease.jobId}:${stage}`, REMEMBER_MS))) return;
      await tellProgress(context, request, stage);
    } catch (error) {
      log.debug({ error, stage }, 'Progress could not be shown');
    }
  }
  return {
    reach(stage) {
      const { responseUrl, post, isAppended } = request;
      // The message in a channel was posted with the first stage in it.
      const isNews = responseUrl !== undefined || (post?.ts !== undefined && stage !== ANSWER_STAGES[0]);
      if (isNews && isAppended !== true) shown = shown.then(() => show(stage));
    },
    settle: () => shown,
  };
}
