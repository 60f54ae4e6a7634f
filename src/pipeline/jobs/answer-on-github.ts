import { answerOnGitHub as answer } from '../../notify/answer-on-github.ts';
import type { JobHandler } from '../job.ts';

/** Says on GitHub what is true about a failure, where an admin wants that. */
export const answerOnGitHub: JobHandler<'answer-on-github'> = (context, payload) => answer(context, payload);
