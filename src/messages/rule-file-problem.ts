import { RULE_FILE_PATH, type RuleFileProblem } from '../domain/rule-files.ts';
import { code } from './rich-text.ts';
import { markedLines, ruleProblemWords } from './rules.ts';
import { oneLine } from './text.ts';
import type { KnownBlock } from '@slack/types';

/** What is wrong with a file of rules, in words that end with what to write instead. */
export function fileProblemWords(problem: RuleFileProblem): string {
  if (problem.kind === 'too-large')
    return `The file has more than ${problem.most / 1_024} KB. Say more with fewer rules.`;
  return `Line ${problem.line}, column ${problem.column}: ${faultWords(problem)}`;
}

/** The line with a marker under the part that is meant. */
export function fileProblemBlocks(problem: RuleFileProblem): KnownBlock[] {
  if (problem.kind === 'too-large' || problem.source.trim() === '') return [];
  return [code(markedLines(problem.source, problem), { lineMax: 102, max: 300 }).block];
}

type Fault = Exclude<RuleFileProblem, { kind: 'too-large' }>;

function faultWords(problem: Fault): string {
  switch (problem.kind) {
    case 'not-yaml':
      return yamlWords(problem.hint);
    case 'too-deep':
      return `This is nested deeper than anything in ${RULE_FILE_PATH} is.`;
    case 'alias':
      return 'Anchors and aliases (& and *) are not read here. Write the value out.';
    case 'unknown-key': {
      const guess = problem.meant === null ? '' : `Did you mean ${problem.meant}:? `;
      return `I do not know "${shown(problem.word)}:" here. ${guess}There can be: ${problem.known.map((key) => `${key}:`).join(', ')}.`;
    }
    case 'missing-key':
      if (problem.key === 'file') return FILE;
      return `${problem.key}: is missing here. ${EXAMPLES[problem.key] ?? ''}`.trim();
    case 'wrong-value':
      return `This cannot stand here. ${EXAMPLES[problem.key] ?? ''}`.trim();
    case 'too-many':
      return `${problem.key}: has at most ${problem.most} entries.`;
    case 'second-channel':
      return `The channel ${shown(problem.word)} is there twice. Put all of its rules in one place.`;
    case 'own-target':
      return `Every rule of this file is about this repository. Leave ${shown(problem.word)} out.`;
    case 'rule':
      return ruleProblemWords(problem.problem);
    case 'withheld':
      return 'This line cannot be read, and holds what looks like a secret.';
    default:
      return problem satisfies never;
  }
}

function yamlWords(hint: Extract<Fault, { kind: 'not-yaml' }>['hint']): string {
  switch (hint) {
    case 'tabs':
      return 'This is not YAML: lines are indented with blanks, not with tabs.';
    case 'twice':
      return 'This is there twice. Put everything in one place.';
    case 'open':
      return 'This is not YAML: a quote or bracket is not closed.';
    case null:
      return 'This is not YAML. A text with ": " or " #" in it, or with a bracket at its beginning, stands in quotes.';
    default:
      return hint satisfies never;
  }
}

const FILE = 'The file begins with "version: 1", and below it stands "channels:".';

const EXAMPLES: Record<string, string> = {
  file: FILE,
  version: 'The file begins with "version: 1".',
  channels: 'Below "channels:" stands a list, each entry with "- channel: NAME" and "rules:".',
  channel: 'A channel is its name without the #, or its id: "- channel: builds". Behind a blank, # begins a comment.',
  rules:
    'Below "rules:" stands a list of rules, each a text without a blank behind its colon: "- on:failure branch:main".',
};

function shown(word: string): string {
  return oneLine(word, 60);
}
