import type { Modal } from '../domain/message.ts';
import type { OpenReruns } from '../domain/reruns.ts';
import { VIEW } from './action-ids.ts';
import { plainText, section } from './blocks.ts';
import { targetLines } from './target-lines.ts';

/** The one field of the window. */
export const RERUN_FIELD = 'reruns';

/** The window in which an admin opens re-runs for full members; `metadata` comes back with it. */
export function rerunModal(open: OpenReruns, metadata: string): Modal {
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
      targetLines(RERUN_FIELD, {
        label: 'Full members may run failed jobs again in',
        hint: 'One repository a line, as owner/repo, or owner/* for all of an owner. Empty: nowhere.',
        targets: open,
      }),
    ],
  };
}
