import { RERUN_FIELD } from '../../messages/rerun-modal.ts';
import { type TargetLinesProblem, targetLinesProblemWords } from '../../messages/target-lines.ts';
import { settingsMessage } from '../../messages/settings.ts';
import type { ListenerContext } from '../listener.ts';
import { readSettingsState, versionOf } from '../settings-state.ts';
import { admit, atField } from './admit.ts';
import type { Submission, SubmitOutcome } from './submission.ts';
import { readTargets } from './targets.ts';
import { SettingsWindow } from './windows.ts';

/** "Save" in the window in which an admin opens re-runs for full members. */
export async function saveReruns(context: ListenerContext, submission: Submission): Promise<SubmitOutcome> {
  const admitted = await admit(context, submission, { schema: SettingsWindow, action: 'settings.manage' });
  if ('refusal' in admitted) return admitted.refusal;
  const { ports, respond } = context;
  const { asker, values } = submission;
  const { version, responseUrl } = admitted.window;
  const before = await ports.settings.openReruns(asker.workspaceId);
  if (versionOf(before) !== version) return wrong({ kind: 'changed-meanwhile' });
  const open = readTargets(values.get(RERUN_FIELD) ?? '');
  if ('kind' in open) return wrong(open);
  if (versionOf(open) !== version) {
    await ports.settings.saveOpenReruns(asker, open, ports.clock.now());
    ports.log.info({ ...asker, before, open }, 'Re-runs by full members were opened or closed');
  }
  const state = await readSettingsState(ports, asker.workspaceId);
  return {
    answer: { kind: 'close' },
    afterwards: () => respond(responseUrl, settingsMessage(state, { mayEdit: true }), { replaceOriginal: true }),
  };
}

function wrong(problem: TargetLinesProblem): SubmitOutcome {
  return atField(RERUN_FIELD, targetLinesProblemWords(problem));
}
