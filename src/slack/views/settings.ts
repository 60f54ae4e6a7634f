import { authorize } from '../../auth/authorize.ts';
import type { ReasoningSettings } from '../../domain/reasoning.ts';
import { refusedWords } from '../../messages/errors.ts';
import { FIELD, problemWords, strangeModal, wordsModal } from '../../messages/modals.ts';
import { settingsMessage } from '../../messages/settings.ts';
import type { ListenerContext } from '../listener.ts';
import { readSettingsState, versionOf } from '../settings-state.ts';
import { readSettingsForm } from './settings-form.ts';
import type { Submission, SubmitOutcome } from './submission.ts';
import { readWindow, SettingsWindow } from './windows.ts';

/** "Save" in the window of the settings. The role is asked for now, not when the window was opened. */
export async function saveSettings(
  { ports, respond }: ListenerContext,
  { asker, metadata, values }: Submission,
): Promise<SubmitOutcome> {
  const { workspaceId } = asker;
  const window = readWindow(SettingsWindow, { metadata, workspaceId });
  if (window === null) {
    ports.log.warn({ ...asker }, 'Window of the settings is not of this workspace');
    return { answer: { kind: 'show', view: strangeModal() } };
  }
  const role = await authorize(ports, asker, 'settings.manage');
  if (role.kind === 'refused') {
    ports.log.info({ ...asker, action: 'settings.manage', role: role.role }, 'Refused: the role does not suffice');
    return { answer: { kind: 'show', view: wordsModal('Nothing was changed', refusedWords(role.needs)) } };
  }
  const state = await readSettingsState(ports, workspaceId);
  if (versionOf(state.settings) !== window.version) {
    return { answer: { kind: 'errors', errors: { [FIELD.small]: problemWords({ kind: 'changed-meanwhile' }) } } };
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
