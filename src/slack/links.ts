import type { GitHubSite } from '../domain/github-apps.ts';
import type { NamedTarget } from '../domain/jobs.ts';
import { unescape } from '../messages/text.ts';
import { readTarget } from './target.ts';

/** A message has at most 50 blocks and 20 attachments; what is deeper or longer is nobody's message. */
const MOST_PARTS = 5_000;
const MOST_CHARACTERS = 100_000;
const MOST_TARGETS = 100;

const ADDRESS = /https?:\/\/[^\s<>|"'`)\]}]+/giu;

/**
 * The runs (also by their jobs and attempts) and pull requests that a message links to, each once, in the order in which a reader meets
 * them: its text, its blocks, what is attached to it.
 */
export function findLinkedTargets(message: object, sites: readonly GitHubSite[]): NamedTarget[] {
  const found = new Map<string, NamedTarget>();
  for (const text of textsOf(message)) {
    for (const [address] of text.matchAll(ADDRESS)) {
      const outcome = readTarget(unescape(address).replace(/[.,;:!?]+$/u, ''), sites);
      if (outcome.kind !== 'target' || outcome.target.kind === 'latest') continue;
      found.set(nameOf(outcome.target), outcome.target);
      if (found.size >= MOST_TARGETS) return [...found.values()];
    }
  }
  return [...found.values()];
}

/** The jobs of a run, and the run itself, are one. */
function nameOf(target: NamedTarget): string {
  switch (target.kind) {
    case 'run':
      return `${target.repository}/${target.runId}/${target.attempt ?? ''}`;
    case 'pull-request':
      return `${target.repository}#${target.number}`;
    case 'latest':
      return target.repository;
    default:
      return target satisfies never;
  }
}

/** Every text of a message, wherever it stands. */
function textsOf(message: object): string[] {
  const { text, blocks, attachments } = { text: '', blocks: [], attachments: [], ...message };
  const texts: string[] = [];
  const left = { parts: MOST_PARTS, characters: MOST_CHARACTERS };
  const waiting: unknown[] = [text, blocks, attachments];
  while (waiting.length > 0 && left.parts > 0 && left.characters > 0) {
    const part = waiting.shift();
    left.parts -= 1;
    if (typeof part === 'string') {
      texts.push(part.slice(0, left.characters));
      left.characters -= part.length;
    } else if (typeof part === 'object' && part !== null) waiting.unshift(...Object.values(part).slice(0, left.parts));
  }
  return texts;
}
