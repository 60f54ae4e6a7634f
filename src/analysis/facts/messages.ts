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
  const announced = first.endsWith(':') ? `${first} ${texts[at + 1] ?? ''}`.trim() : first;
  const contrast = contrastIn(texts);
  // What is one half of the contrast says nothing besides it.
  const said = contrast !== null && CONTRAST.test(announced) ? '' : ownWords(announced, texts);
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
    .filter(({ line, candidate }) => line.line <= last && !isEnd(candidate))
    .map(({ line, candidate }) => ({
      text: line.text.replace(DECORATION, '').trim(),
      saysMessage: candidate.own >= 5 && candidate.matches.some(({ signature: { role } }) => role === 'message'),
    }));
}

/** What runners put before each line of a message. */
const DECORATION = /^(?:E {3,12}|\s{0,12}\[junit\]\s|\s{0,24}→ |%{3} \w{1,100} ==> )/u;
const CONTRAST =
  /^(?:#\s{1,16})?(?:Expected|expected|right|want|Received|received|Actual|actual|But was|left|got)(?: value)?:\s/u;

/** What the CI system says of the whole step belongs to no test. */
function isEnd({ matches }: FactLine['candidate']): boolean {
  return matches.some(({ signature: { role } }) => role === 'end');
}

/** What stands for the whole run says less than what the test itself says. */
const OF_THE_RUN =
  /^(?:(?:ERROR: |LoadError: ){0,2}Some tests did not pass|(?:Error: )?(?:Test failures|testthat unit tests failed)\.?$)/u;

function ownWords(announced: string, texts: readonly string[]): string {
  if (announced !== '' && !OF_THE_RUN.test(announced)) return announced;
  const own = texts.map((text) => goMessage(text) || juliaMessage(text)).find((text) => text !== '');
  return own ?? (OF_THE_RUN.test(announced) ? '' : announced);
}

/** "Evaluated: 0.5 ≈ 1.0" */
function juliaMessage(text: string): string {
  return /^Evaluated: \S.{0,300}$/u.test(text) ? text : '';
}

/** Tests in Go say in words of their own what is wrong, behind the place. */
function goMessage(text: string): string {
  return /^\w{1,80}\.go:\d{1,6}: (?<said>\S.{0,300})$/u.exec(text)?.groups?.['said'] ?? '';
}

/** "expected 90, got 81", where the block says it in two lines. */
function contrastIn(block: readonly string[]): string | null {
  const find = (names: RegExp): string | undefined =>
    block.map((text) => names.exec(text)?.[1]).find((value) => value !== undefined);
  const expected = find(/^(?:#\s{1,16})?(?:Expected|expected|right|want)(?: value)?:\s{1,8}(\S.{0,60})$/u);
  const actual = find(
    /^(?:#\s{1,16})?(?:Received|received|Actual|actual|But was|left|got|but got)(?: value)?:\s{1,8}(\S.{0,60})$/u,
  );
  if (expected === undefined || actual === undefined) return null;
  const trim = (value: string): string => value.replace(/,$/u, '');
  return `expected ${trim(expected)}, got ${trim(actual)}`;
}
