import type { FactLine } from './format.ts';
import { clip } from './values.ts';

/** A failing test's message stands within this many lines of its name. */
const MESSAGE_DISTANCE = 15;

/** What the runner says below a test's name, up to `end`: the error, and what was expected instead of what came. */
export function messageBelow(lines: readonly FactLine[], index: number, end: number): string | null {
  const block = blockBelow(lines, index, end);
  const at = block.findIndex(({ saysMessage }) => saysMessage);
  const texts = block.map(({ text }) => text);
  const first = texts[at] ?? '';
  // "panicked at src/lib.rs:6:" announces what stands on the next line.
  const said = first.endsWith(':') ? `${first} ${texts[at + 1] ?? ''}`.trim() : first;
  const contrast = contrastIn(texts);
  // Jest's hint only names the matcher; with the two values at hand it says nothing more.
  if (contrast !== null && /^expect\(.{0,80}\)\./u.test(said)) return clip(contrast) || null;
  return clip([said, contrast ?? ''].filter((part) => part !== '').join('; ')) || null;
}

function blockBelow(
  lines: readonly FactLine[],
  index: number,
  end: number,
): Array<{ text: string; saysMessage: boolean }> {
  const last = (lines[index]?.line.line ?? 0) + MESSAGE_DISTANCE;
  return lines
    .slice(index + 1, Math.min(end, index + 1 + MESSAGE_DISTANCE))
    .filter(({ line }) => line.line <= last)
    .map(({ line, candidate }) => ({
      text: line.text.replace(/^(?:E {3,12}|\s{0,12}\[junit\]\s)/u, '').trim(),
      saysMessage: candidate.own >= 5 && candidate.matches.some(({ signature: { role } }) => role === 'message'),
    }));
}

/** "expected 90, got 81", where the block says it in two lines. */
function contrastIn(block: readonly string[]): string | null {
  const find = (names: RegExp): string | undefined =>
    block.map((text) => names.exec(text)?.[1]).find((value) => value !== undefined);
  const expected = find(/^(?:#\s{1,6})?(?:Expected|expected|right|want)(?: value)?:\s{1,8}(\S.{0,60})$/u);
  const actual = find(
    /^(?:#\s{1,6})?(?:Received|received|Actual|actual|But was|left|got)(?: value)?:\s{1,8}(\S.{0,60})$/u,
  );
  if (expected === undefined || actual === undefined) return null;
  const trim = (value: string): string => value.replace(/,$/u, '');
  return `expected ${trim(expected)}, got ${trim(actual)}`;
}
