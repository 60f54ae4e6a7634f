import { Ansis } from 'ansis';
import type { JobDigest } from '../analysis/digest.ts';
import type { Category, Diagnosis, LogLine } from '../domain/diagnosis.ts';

const WIDTH = 160;

const KIND_WORDS: Record<Category, string> = {
  test: 'failing test',
  compile: 'broken build',
  lint: 'lint',
  dependency: 'dependencies',
  infrastructure: 'infrastructure',
  configuration: 'configuration',
  deployment: 'deployment',
  timeout: 'timeout',
  unknown: 'not known',
};

/** A diagnosis as text for a person at a terminal. */
export function render(diagnosis: Diagnosis, { size }: JobDigest, colour: boolean): string {
  const paint = new Ansis(colour ? 3 : 0);
  const { headline, cause, nextStep, category, verdict, confidence, evidence, authorship } = diagnosis;
  const lines = [
    '',
    paint.bold.red(headline),
    '',
    cause,
    `${paint.bold('Next:')} ${nextStep}`,
    '',
    `${paint.dim('Kind')} ${KIND_WORDS[category]}   ${paint.dim('Confidence')} ${confidence}`,
    ...(verdict.kind === 'new' ? [] : [`${paint.dim('Because')} ${verdict.reasons.join('. ')}`]),
    ...(evidence.length === 0 ? [] : ['', paint.bold('Evidence'), ...evidence.map((line) => renderLine(line, paint))]),
    '',
    paint.dim(
      `${size.lines.toLocaleString('en')} ${size.lines === 1 ? 'line' : 'lines'} read. ${authorWords(authorship)}`,
    ),
    paint.dim(`The same failure has the same fingerprint: ${diagnosis.fingerprint}`),
    '',
  ];
  return `${lines.join('\n')}\n`;
}

function authorWords({ model, fallbackReason }: Diagnosis['authorship']): string {
  if (model !== null) return `Explained by ${model}. Models make mistakes: check the lines.`;
  return fallbackReason === null
    ? 'Offline analysis, no model involved.'
    : `Offline analysis: the model did not answer (${fallbackReason}).`;
}

function renderLine({ line, text }: LogLine, paint: Ansis): string {
  const shown = text.length > WIDTH ? `${text.slice(0, WIDTH - 1)}…` : text;
  return `${paint.dim(String(line).padStart(8))}  ${shown}`;
}
