import { type HealthFinding, HEALTH_LEVELS, type HealthLevel } from '../domain/health.ts';
import type { Message } from '../domain/message.ts';
import { header, message, note } from './blocks.ts';
import { bold, bullets, paragraph, plain, text } from './rich-text.ts';
import { count, oneLine } from './text.ts';

/** How much is shown; a channel can have more rules than a message has room for. */
const MOST_FINDINGS = 40;
const SAYS_MAX = 250;

const SIGNS: Record<HealthLevel, string> = { problem: '🔴', warning: '🟡', ok: '✅' };

/** The worst first, and as they came within a level. */
export function byLevel(findings: readonly HealthFinding[]): HealthFinding[] {
  return HEALTH_LEVELS.flatMap((level) => findings.filter((each) => each.level === level));
}

/** Everything that was found, for the eyes of whoever asked. */
export function doctorMessage(findings: readonly HealthFinding[]): Message {
  const sorted = byLevel(findings);
  const shown = sorted.slice(0, MOST_FINDINGS);
  const more = sorted.length - shown.length;
  return message(`${summaryWords(findings)}. ${sorted[0]?.says ?? ''}`, [
    header(summaryWords(findings)),
    ...shown
      .filter(({ level }) => level !== 'ok')
      .map(({ level, says, remedy }) =>
        paragraph(
          bold(`${SIGNS[level]} `),
          plain(says, SAYS_MAX),
          ...(remedy === null ? [] : [text('\n'), plain(remedy, SAYS_MAX, { italic: true })]),
        ),
      ),
    ...wellLines(shown),
    ...(more > 0 ? [note(`${count(more, 'more line')} left out.`)] : []),
  ]);
}

function wellLines(shown: readonly HealthFinding[]) {
  const well = shown.filter(({ level }) => level === 'ok');
  if (well.length === 0) return [];
  return [
    bullets(
      [bold(`${SIGNS.ok} Well`)],
      well.map(({ says }) => [plain(says, SAYS_MAX)]),
    ),
  ];
}

/** `2 problems, 1 warning`; what is well is counted only where all is. */
export function summaryWords(findings: readonly HealthFinding[]): string {
  const of = (level: HealthLevel): number => findings.filter((each) => each.level === level).length;
  const [problems, warnings] = [of('problem'), of('warning')];
  if (problems + warnings === 0) return 'All is well';
  const parts = [
    ...(problems > 0 ? [count(problems, 'problem')] : []),
    ...(warnings > 0 ? [count(warnings, 'warning')] : []),
  ];
  return oneLine(parts.join(', '), 100);
}
