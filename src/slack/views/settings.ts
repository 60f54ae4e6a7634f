import type { ReasoningSettings } from '../../domain/reasoning.ts';
import { FIELD, problemWords } from '../../messages/modals.ts';
import { settingsMessage } from '../../messages/settings.ts';
import type { ListenerContext } from '../listener.ts';
import { readSettingsState, versionOf } from '../settings-state.ts';
import { admit, atField } from './admit.ts';
import { readSettingsForm } from './settings-form.ts';
import type { Submission, SubmitOutcome } from './submission.ts';
import { SettingsWindow } from './windows.ts';

/** "Save" in the window of the settings. The role is asked for now, not when the window was opened. */
export async function saveSettings(context: ListenerContext, submission: Submission): Promise<SubmitOutcome> {
  const admitted = await admit(context, submission, { schema: SettingsWindow, action: 'settings.manage' });
  if ('refusal' in admitted) return admitted.refusal;
  const { window } = admitted;
  const { ports, respond } = context;
  const { asker, values } = submission;
  const { workspaceId } = asker;
  const state = await readSettingsState(ports, workspaceId);
  if (versionOf(state.settings) !== window.version) {
    return atField(FIELD.small, problemWords({ kind: 'changed-meanwhile' }));
  }
  const form = readSettingsForm(values, state);
  if (form.kind === 'wrong') {
    const errors = Object.entries(form.problems).map(([field, problem]) => [field, problemWords(problem)]);
    return { answer: { kind: 'errors', errors: Object.fromEntries(errors) } };
  }
  const changed = changesOf(state.settings, form.settings);
  if (Object.keys(changed).length > 0) {
    await ports.settings.saveReasoning(workspaceId, form.settings);
    ports.log.info({ ...asker, changed }, 'Settings of models changed');
  }
  const message = settingsMessage({ ...state, settings: form.settings }, { mayEdit: true });
  return {
    answer: { kind: 'close' },
    afterwards: () => respond(window.responseUrl, message, { replaceOriginal: true }),
  };
}

/** Each setting that is not what it was, with both values: who changed what is for the log to remember. */
function changesOf(
  before: ReasoningSettings,
  after: ReasoningSettings,
): Record<string, { from: unknown; to: unknown }> {
  const was = new Map<string, unknown>(Object.entries(before));
  const changed = Object.entries(after).filter(([name, to]) => JSON.stringify(was.get(name)) !== JSON.stringify(to));
  return Object.fromEntries(changed.map(([name, to]) => [name, { from: was.get(name) ?? null, to }]));
}
