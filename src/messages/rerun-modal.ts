import type { Modal } from '../domain/message.ts';
import { MOST_RERUN_TARGETS, type OpenReruns } from '../domain/reruns.ts';
import { VIEW } from './action-ids.ts';
import { plainText, section } from './blocks.ts';
import { oneLine } from './text.ts';

/** The one field of the window. */
export const RERUN_FIELD = 'reruns';

/** As much as Slack lets a field hold. */
const FIELD_MAX = 3_000;

/** The window in which an admin opens re-runs for full members; `metadata` comes back with it. */
export function rerunModal(open: OpenReruns, metadata: string): Modal {
  const initial = open.join('\n');
  return {
    type: 'modal',
    callback_id: VIEW.reruns,
    private_metadata: metadata,
    title: plainText('Re-runs'),
    submit: plainText('Save'),
    close: plainText('Cancel'),
    blocks: [
      section(
        'GitHub runs jobs again with the rights of whoever started the run, not with those of the person who clicks. Owners and admins can do it everywhere. Full members can do it in the repositories below, unless the run can reach an environment that is protected on GitHub.',
      ),
      {
        type: 'input',
        block_id: RERUN_FIELD,
        label: plainText('Full members may run failed jobs again in'),
        hint: plainText('One repository a line, as owner/repo, or owner/* for all of an owner. Empty: nowhere.'),
        optional: true,
        element: {
          type: 'plain_text_input',
          action_id: RERUN_FIELD,
          multiline: true,
          max_length: FIELD_MAX,
          ...(initial !== '' && initial.length <= FIELD_MAX && { initial_value: initial }),
        },
      },
    ],
  };
}

/** What is wrong with the field. */
export type RerunProblem =
  { kind: 'not-a-target'; word: string } | { kind: 'too-many' } | { kind: 'changed-meanwhile' };

/** Said at the field. */
export function rerunProblemWords(problem: RerunProblem): string {
  switch (problem.kind) {
    case 'not-a-target':
      return `"${oneLine(problem.word, 60)}" is no repository. Write owner/repo, or owner/* for all of an owner.`;
    case 'too-many':
      return `At most ${MOST_RERUN_TARGETS} lines are kept. Write owner/* for all of an owner.`;
    case 'changed-meanwhile':
      return 'Somebody changed this after you opened the window. Close it, look at /cortex settings, and begin again.';
    default:
      return problem satisfies never;
  }
}
