import type { RepositoryStatus } from '../domain/ports.ts';
import { isFailing } from '../domain/run.ts';
import { bold, link, mono, plain, type Span, text } from './rich-text.ts';
import { ago, count } from './text.ts';
import { conclusionWords } from './words.ts';

/** How a repository stands: its sign and name, then `between`, then its latest run on the default branch and what is open. */
export function standingSpans(
  { repository, latest, openFailures: open }: RepositoryStatus,
  { now, between }: { now: Date; between: string },
): Span[] {
  const failures = open > 0 ? [text(', '), bold(count(open, 'open failure'))] : [];
  if (latest === null) {
    const words = text(`${between}no run on the default branch seen yet`);
    return [text(open > 0 ? '🔴 ' : '⚪ '), bold(repository), words, ...failures];
  }
  const words = latest.status === 'completed' ? conclusionWords(latest.conclusion) : 'was started';
  return [
    text(open > 0 || isFailing(latest.conclusion) ? '🔴 ' : '🟢 '),
    link(latest.url, repository, { bold: true }),
    text(between),
    plain(latest.workflow, 60),
    text(` #${latest.number} on `),
    mono(latest.branch, 60),
    text(` ${words} ${ago(latest.updatedAt, now)}`),
    ...failures,
  ];
}
