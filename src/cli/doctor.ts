import type { Writable } from 'node:stream';
import { HEALTH_LEVELS, type HealthFinding, type HealthLevel } from '../domain/health.ts';

const WELL = 0;
const UNWELL = 1;

const LABELS: Record<HealthLevel, string> = { problem: 'PROBLEM', warning: 'warning', ok: 'ok' };
const INDENT = 9;

/** Prints what was found, the worst first. Returns 1 where there is a problem, else 0. */
export function printFindings(findings: readonly HealthFinding[], { stdout }: { stdout: Writable }): number {
  for (const level of HEALTH_LEVELS) {
    for (const { says, remedy } of findings.filter((each) => each.level === level)) {
      stdout.write(`${LABELS[level].padEnd(INDENT)}${printable(says)}\n`);
      if (remedy !== null) stdout.write(`${' '.repeat(INDENT)}${printable(remedy)}\n`);
    }
  }
  return findings.some(({ level }) => level === 'problem') ? UNWELL : WELL;
}

/** Names of runs and branches are foreign, and a terminal obeys control characters. */
function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]/gu, '');
}
