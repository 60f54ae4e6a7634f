import type { Prompt } from '../domain/reasoning.ts';
import { ANSWER_SCHEMA } from './model-answer.ts';

/** Roles, separators, and what providers add in words of their own when they are given a schema. */
const FRAME_TOKENS = 1000;
const SCHEMA_TOKENS = boundTokens(JSON.stringify(ANSWER_SCHEMA));

/**
 * More tokens than any model makes of a text: one for each byte of UTF-8. Real figures are a third or a quarter of it for English. A
 * tokenizer would be nearer and is no bound: each provider has its own, and a line of 40,000 equal letters keeps one busy for seconds.
 */
export function boundTokens(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}

/** More tokens than any model counts for a whole request. */
export function boundInput({ shared, data, task }: Prompt): number {
  return boundTokens(shared) + boundTokens(data) + boundTokens(task) + SCHEMA_TOKENS + FRAME_TOKENS;
}
