import { z } from 'zod';
import { ModelAnswer } from '../domain/reasoning.ts';

const Tokens = z.number().int().nonnegative();

/** A stored reply, as it comes back: another version of us may have written it. */
export const ModelReply = z.object({
  answer: ModelAnswer,
  model: z.string(),
  usage: z.object({ inputTokens: Tokens, outputTokens: Tokens, cachedTokens: Tokens }),
  firstTokenMs: z.number().nullable(),
});
