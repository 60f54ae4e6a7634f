import type { InputBlock } from '@slack/types';
import { MOST_TARGETS, type RepositoryTargets } from '../domain/repository-target.ts';
import { plainText } from './blocks.ts';
import { oneLine } from './text.ts';

// A field of the settings in which an admin lists repositories and owners, one a line.

/** As much as Slack lets a field hold. */
const FIELD_MAX = 3_000;

export function targetLines(
  name: string,
  { label, hint, targets }: { label: string; hint: string; targets: RepositoryTargets },
): InputBlock {
  const initial = targets.join('\n');
  return {
    type: 'input',
    block_id: name,
    label: plainText(label),
    hint: plainText(hint),
    optional: true,
    element: {
      type: 'plain_text_input',
      action_id: name,
      multiline: true,
      max_length: FIELD_MAX,
      ...(initial !== '' && initial.length <= FIELD_MAX && { initial_value: initial }),
    },
  };
}

/** What is wrong with such a field. */
export type TargetLinesProblem =
  { kind: 'not-a-target'; word: string } | { kind: 'too-many' } | { kind: 'changed-meanwhile' };

/** Said at the field. */
export function targetLinesProblemWords(problem: TargetLinesProblem): string {
  switch (problem.kind) {
    case 'not-a-target':
      return `"${oneLine(problem.word, 60)}" is no repository of GitHub. Write owner/repo, or owner/* for all of an owner.`;
    case 'too-many':
      return `At most ${MOST_TARGETS} lines are kept. Write owner/* for all of an owner.`;
    case 'changed-meanwhile':
      return 'Somebody changed this after you opened the window. Close it, look at /cortex settings, and begin again.';
    default:
      return problem satisfies never;
  }
}
