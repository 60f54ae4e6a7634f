import { ANSWER_FORMS, NO_ANSWERS } from '../../domain/github-answers.ts';
import { ANSWER_FIELD } from '../../messages/answers-modal.ts';
import { targetLinesProblemWords } from '../../messages/target-lines.ts';
import { settingsMessage } from '../../messages/settings.ts';
import type { ListenerContext } from '../listener.ts';
import { readSettingsState, versionOf } from '../settings-state.ts';
import { admit, atField } from './admit.ts';
import type { Submission, SubmitOutcome } from './submission.ts';
import { readTargets } from './targets.ts';
import { SettingsWindow } from './windows.ts';

/** "Save" in the window in which an admin has failures answered on GitHub. */
export async function saveAnswers(context: ListenerContext, submission: Submission): Promise<SubmitOutcome> {
  const admitted = await admit(context, submission, { schema: SettingsWindow, action: 'settings.manage' });
  if ('refusal' in admitted) return admitted.refusal;
  const { ports, respond } = context;
  const { asker, values } = submission;
  const { version, responseUrl } = admitted.window;
  const before = await ports.settings.githubAnswers(asker.workspaceId);
  if (versionOf(before) !== version) {
    return atField(ANSWER_FIELD.check, targetLinesProblemWords({ kind: 'changed-meanwhile' }));
  }
  const answers = { ...NO_ANSWERS };
  for (const form of ANSWER_FORMS) {
    const read = readTargets(values.get(ANSWER_FIELD[form]) ?? '');
    if ('kind' in read) return atField(ANSWER_FIELD[form], targetLinesProblemWords(read));
    answers[form] = read;
  }
  if (versionOf(answers) !== version) {
    await ports.settings.saveGitHubAnswers(asker, answers, ports.clock.now());
    ports.log.info({ ...asker, before, answers }, 'Answers on GitHub were turned on or off');
  }
  const state = await readSettingsState(ports, asker.workspaceId);
  return {
    answer: { kind: 'close' },
    afterwards: () => respond(responseUrl, settingsMessage(state, { mayEdit: true }), { replaceOriginal: true }),
  };
}
