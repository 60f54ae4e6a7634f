import { MODEL_PROVIDERS, MODEL_TIERS, type ModelProvider, type ModelTier } from '../domain/reasoning.ts';
import type { FlagProblem } from '../messages/help.ts';
import { suggest } from './command.ts';

/** What can be written behind `--model`. */
export const MODEL_WORDS = [...MODEL_TIERS, ...MODEL_PROVIDERS, 'offline'] as const;
export type ModelWord = ModelTier | ModelProvider | 'offline';

export interface SummarizeFlags {
  /** What is no flag, in order. */
  words: string[];
  isFresh: boolean;
  isHere: boolean;
  model: ModelWord | null;
}

export type FlagsOutcome = { kind: 'flags'; flags: SummarizeFlags } | { kind: 'wrong'; problem: FlagProblem };

const FLAGS = ['--fresh', '--here', '--model'] as const;

/** Reads the flags of `summarize`, wherever they stand; `--model large` and `--model=large` are the same. */
export function readFlags(typed: readonly string[]): FlagsOutcome {
  const flags: SummarizeFlags = { words: [], isFresh: false, isHere: false, model: null };
  const left = [...typed];
  for (let word = left.shift(); word !== undefined; word = left.shift()) {
    const [name = '', glued] = unify(word).split('=', 2);
    if (!name.startsWith('-')) flags.words.push(word);
    else if (name === '--fresh' && glued === undefined) flags.isFresh = true;
    else if (name === '--here' && glued === undefined) flags.isHere = true;
    else if (name === '--model') {
      const value = glued ?? left.shift();
      const model = MODEL_WORDS.find((known) => known === value?.toLowerCase());
      if (model === undefined)
        return { kind: 'wrong', problem: modelProblem(typed, glued === undefined ? value : word) };
      flags.model = model;
    } else return { kind: 'wrong', problem: unknownFlag(typed, word) };
  }
  return { kind: 'flags', flags };
}

/** Slack's clients make one dash of two. */
function unify(word: string): string {
  return word.replace(/^[–—]/u, '--');
}

function unknownFlag(words: readonly string[], at: string): FlagProblem {
  const [name = ''] = unify(at).split('=', 1);
  return { words, at, meant: suggest(name, FLAGS), known: FLAGS };
}

function modelProblem(words: readonly string[], at: string | undefined): FlagProblem {
  const value = at?.split('=', 2).at(-1) ?? '';
  return { words, at: at ?? '--model', meant: value === '' ? null : suggest(value, MODEL_WORDS), known: MODEL_WORDS };
}
