import { Ansis } from 'ansis';
import type { JobDigest } from '../analysis/digest.ts';
import type { Diagnosis, LogLine } from '../domain/diagnosis.ts';

const WIDTH = 160;

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
    `${paint.dim('Kind')} ${category}   ${paint.dim('Verdict')} ${verdict.kind} (${verdict.reasons.join('; ')})   ${paint.dim('Confidence')} ${confidence}`,
    ...(evidence.length === 0 ? [] : ['', paint.bold('Evidence'), ...evidence.map((line) => renderLine(line, paint))]),
    '',
    paint.dim(
      `${size.lines.toLocaleString('en')} lines read; explained by ${authorship.provider}${authorship.model === null ? '' : ` (${authorship.model})`}` +
        `${authorship.fallbackReason === null ? '' : `, because: ${authorship.fallbackReason}`}; ${diagnosis.fingerprint}`,
    ),
    '',
  ];
  return `${lines.join('\n')}\n`;
}

function renderLine({ line, text }: LogLine, paint: Ansis): string {
  const shown = text.length > WIDTH ? `${text.slice(0, WIDTH - 3)}...` : text;
  return `${paint.dim(String(line).padStart(8))}  ${shown}`;
}
