import type { KnownBlock } from '@slack/types';
import type { WorkflowPart } from '../domain/workflow-file.ts';
import { fold } from './blocks.ts';
import { code, link, paragraph, plain, text } from './rich-text.ts';
import { count } from './text.ts';

const LINE_MAX = 160;
const MAX = 2_000;

/** What the file of the workflow says of the job that failed, or of why none began: where that stands, and its lines, folded. */
export function workflowBlocks(part: WorkflowPart | undefined): KnownBlock[] {
  if (part === undefined) return [];
  const lines = linesOf(part);
  if (lines === null) return [whereOf(part)];
  const { block, shown } = lines;
  return [whereOf(part), fold('From the workflow file', { subtitle: count(shown, 'row'), blocks: [block] })];
}

/** The same with the lines in sight, for a window, in which nothing is folded. */
export function openWorkflowBlocks(part: WorkflowPart | undefined): KnownBlock[] {
  if (part === undefined) return [];
  const lines = linesOf(part);
  return [whereOf(part), ...(lines === null ? [] : [lines.block])];
}

function whereOf({ path, url, job, step }: WorkflowPart): KnownBlock {
  const where = [
    ...(step === null ? [] : [text('Step '), plain(step, 120), text(', ')]),
    ...(job === null ? [] : [text('job '), plain(job, 80), text(', ')]),
  ];
  return paragraph(text('Workflow: ', { bold: true }), ...where, text('in '), link(url, path));
}

function linesOf({ lines }: WorkflowPart) {
  return lines.length === 0 ? null : code(numbered(lines), { lineMax: LINE_MAX, max: MAX });
}

/** With the number of each; a row tells where lines were left out. */
function numbered(lines: WorkflowPart['lines']): string[] {
  const width = String(lines.at(-1)?.line ?? 1).length;
  return lines.flatMap(({ line, text: words }, index) => {
    const before = lines[index - 1]?.line ?? line - 1;
    return [...(line > before + 1 ? [`${' '.repeat(width)}  …`] : []), `${String(line).padStart(width)}  ${words}`];
  });
}
