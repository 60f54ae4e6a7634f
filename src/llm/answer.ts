import { z } from 'zod';
import { ModelFailedError } from '../errors.ts';

/** What every model is asked for, and the one schema that its answer is parsed by. */
export const ModelAnswer = z.object({
  headline: z.string().min(1).max(2000).describe('What broke, concretely. At most 120 characters, no full stop.'),
  cause: z.string().min(1).max(8000).describe('One or two plain sentences: what went wrong and why.'),
  nextStep: z.string().min(1).max(8000).describe('One sentence: the most useful thing to do next.'),
  evidence: z.array(z.int().nonnegative()).max(100).describe('Numbers of the 1 to 12 log lines that prove the cause.'),
});
export type ModelAnswer = z.infer<typeof ModelAnswer>;

/** Throws ModelFailedError where the answer does not have the agreed shape. */
export function parseAnswer(value: unknown, provider: string): ModelAnswer {
  const parsed = ModelAnswer.safeParse(value);
  if (parsed.success) return parsed.data;
  const fields = [...new Set(parsed.error.issues.map(({ path }) => path.join('.') || 'the whole answer'))];
  throw new ModelFailedError(
    `${provider} gave an answer that does not have the agreed shape (${fields.slice(0, 4).join(', ')})`,
  );
}
