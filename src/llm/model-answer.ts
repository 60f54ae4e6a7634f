import { z } from 'zod';
import { ModelAnswer, type TokenUsage } from '../domain/reasoning.ts';
import { ModelFailedError } from '../errors.ts';

/**
 * Keywords that strict schemas of Claude or GPT refuse. What they say is checked when the answer is here.
 * https://platform.claude.com/docs/en/build-with-claude/structured-outputs, https://platform.openai.com/docs/guides/structured-outputs
 */
const REFUSED_KEYWORDS = ['minLength', 'maxLength', 'minimum', 'maximum', 'minItems', 'maxItems', 'pattern', 'format'];

/** A text this long is no answer: the longest that the schema allows is shorter. */
const ANSWER_MAX = 200_000;

/** What providers hold a model to. `additionalProperties` is false and every field is required, at each level. */
export const ANSWER_SCHEMA: Record<string, unknown> = toStrictSchema();

function toStrictSchema(): Record<string, unknown> {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(ModelAnswer, {
    override: ({ jsonSchema }) => {
      for (const keyword of REFUSED_KEYWORDS) Reflect.deleteProperty(jsonSchema, keyword);
    },
  });
  return schema;
}

/** True as soon as a text has grown beyond any answer. */
export function isTooLong(characters: number): boolean {
  return characters > ANSWER_MAX;
}

/** Throws ModelFailedError where the text is not an answer of the agreed shape. */
export function parseAnswer(text: string, { provider, usage }: { provider: string; usage: TokenUsage }): ModelAnswer {
  const failed = (what: string): ModelFailedError =>
    new ModelFailedError(`${provider} gave ${what}`, { fault: 'malformed', usage });
  if (text.trim() === '') throw failed('an empty answer');
  const parsed = ModelAnswer.safeParse(parseJson(text, failed));
  if (parsed.success) return parsed.data;
  const fields = [...new Set(parsed.error.issues.map(({ path }) => path.join('.') || 'the whole answer'))];
  throw failed(`an answer that does not have the agreed shape (${fields.slice(0, 4).join(', ')})`);
}

function parseJson(text: string, failed: (what: string) => ModelFailedError): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw failed('an answer that could not be read');
  }
}
