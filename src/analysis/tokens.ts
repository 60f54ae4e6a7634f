/**
 * No fewer tokens than a model's own count, from characters alone: three letters or spaces, two other ASCII characters, or two thirds of
 * any other character are one. Real tokenizers need a quarter to a half less for logs.
 */
export function countTokens(text: string): number {
  let sixths = 0;
  for (let at = 0; at < text.length; at += 1) sixths += sixthsOf(text.charCodeAt(at));
  return Math.ceil(sixths / 6);
}

function sixthsOf(code: number): number {
  if (code >= 0x80) return 9;
  const isLetter = (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === 0x20;
  return isLetter ? 2 : 3;
}

const CUT = '… (cut)';
const CUT_TOKENS = 5;

/** As much of the beginning as fits, with a word where something is missing. */
export function cutToTokens(text: string, budget: number): string {
  if (countTokens(text) <= budget) return text;
  let room = Math.max(0, budget - CUT_TOKENS) * 6;
  let end = 0;
  for (; end < text.length && room > 0; end += 1) room -= sixthsOf(text.charCodeAt(end));
  return `${text.slice(0, Math.max(0, end - 1)).toWellFormed()}${CUT}`;
}

/** The first lines that fit together, and a word where there are more. */
export function fitLines(lines: readonly string[], budget: number): string {
  const kept: string[] = [];
  let left = budget - CUT_TOKENS;
  for (const line of lines) {
    left -= countTokens(line) + 1;
    if (left < 0) return [...kept, `… and ${lines.length - kept.length} more`].join('\n');
    kept.push(line);
  }
  return kept.join('\n');
}
