import { fold, takeOffHidden } from './hidden.ts';

/**
 * Foreign text as a part of a prompt, between two lines that carry the mark of this request. Nothing inside can close the fence: the
 * mark is taken out of it, and so is every line that looks like a fence to the eye.
 */
export function fence(name: string, body: string, mark: string): string {
  return `${name}\n<<DATA ${mark}>>\n${defuse(body, mark)}\n<<END ${mark}>>`;
}

const FENCE_LIKE = /<\s{0,4}<\s{0,4}\/?\s{0,4}(?:DATA|END)\b[^<>]{0,200}>\s{0,4}>/u;
const BRACKETS = /[<>\p{Ps}\p{Pe}\p{Pi}\p{Pf}≪≫˂˃ᐸᐳㄑく⪡⪢＜＞﹤﹥]/gu;
/** What a mark can be stretched with, and still be read as one. */
const GAPS = /[\s_-]/gu;
const LEFT_OUT = '[a line that imitated the fence was left out]';
/** What the templates of open models read as the end of a turn, wherever it stands. A space inside makes it plain text. */
const TEMPLATE =
  /<(?=\|)|(?<=\|)>|\[(?=\/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS)\])|<(?=\/?(?:s|bos|eos|pad|unk|think|tool_call|tool_response|start_of_turn|end_of_turn|start_header_id|function_calls|function_results)>)|<(?=<\/?SYS>>)/giu;

/** The body of a fence, before the fence is put around it; a second time changes nothing more. */
export function defuse(body: string, mark: string): string {
  const folded = fold(mark);
  const shown = takeOffHidden(body);
  return (isHarmless(shown, folded) ? shown : defuseLines(shown, mark, folded)).replaceAll(TEMPLATE, (token) =>
    token === '>' ? ' >' : `${token} `,
  );
}

/** Most bodies hold nothing that has to be looked for line by line. */
function isHarmless(body: string, folded: string): boolean {
  const seen = fold(body);
  return (
    !/<\s{0,4}</u.test(seen) && (folded === '' || !seen.replaceAll(GAPS, '').includes(folded.replaceAll(GAPS, '')))
  );
}

function defuseLines(body: string, mark: string, folded: string): string {
  return body
    .split('\n')
    .map((line) => defuseLine(without(line, mark), folded))
    .join('\n');
}

/** Taking it out can bring two halves of it together. */
function without(line: string, mark: string): string {
  const text = mark === '' ? line : line.replaceAll(mark, '');
  return text === line ? line : without(text, mark);
}

/** The number that stands before a line of the log is ours, and stays. */
function defuseLine(line: string, mark: string): string {
  const seen = fold(line);
  const number = /^\d{1,4}: /u.exec(line)?.[0] ?? '';
  if (mark.length > 3 && seen.replaceAll(GAPS, '').includes(mark)) return `${number}${LEFT_OUT}`;
  return FENCE_LIKE.test(seen) ? line.replaceAll(BRACKETS, ' ') : line;
}
