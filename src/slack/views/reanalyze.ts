import { planLooks } from '../../analysis/another-look.ts';
import { authorize } from '../../auth/authorize.ts';
import type { WorkspaceId } from '../../domain/ids.ts';
import { type AnalysisWants, NOTE_MAX } from '../../domain/jobs.ts';
import { refusedWords } from '../../messages/errors.ts';
import { strangeModal, wordsModal } from '../../messages/modals.ts';
import { LOOK, LOOK_FIELD, LOOK_PROBLEM, reanalyzeReply } from '../../messages/reanalysis.ts';
import { clean } from '../../messages/text.ts';
import { analyzeAgain } from '../../pipeline/request.ts';
import type { ListenerContext } from '../listener.ts';
import type { Submission, SubmitOutcome } from './submission.ts';
import { readWindow, ReanalyzeWindow } from './windows.ts';

/** "Look again" in its window. The role is asked for now, not when the window was opened. */
export async function lookAgain(
  { ports, respond }: ListenerContext,
  { asker, metadata, values }: Submission,
): Promise<SubmitOutcome> {
  const window = readWindow(ReanalyzeWindow, { metadata, workspaceId: asker.workspaceId });
  if (window === null) {
    ports.log.warn({ ...asker }, 'Window for another look is not of this workspace');
    return { answer: { kind: 'show', view: strangeModal() } };
  }
  const role = await authorize(ports, asker, 'summary.reanalyze');
  if (role.kind === 'refused') {
    ports.log.info({ ...asker, action: 'summary.reanalyze', role: role.role }, 'Refused: the role does not suffice');
    return { answer: { kind: 'show', view: wordsModal('Nothing was done', refusedWords(role.needs)) } };
  }
  const note = clean(values.get(LOOK_FIELD.note) ?? '').trim();
  if (note.length > NOTE_MAX) return atField(LOOK_FIELD.note, LOOK_PROBLEM.tooLong);
  const who = await readWho(ports, { window, workspaceId: asker.workspaceId, chosen: values.get(LOOK_FIELD.who) });
  if (who === null) return atField(LOOK_FIELD.who, LOOK_PROBLEM.notAChoice);
  const { summaryId, responseUrl, channelId } = window;
  const wants = { ...who, ...(note !== '' && { note }) };
  const answerTo = channelId && { answerTo: { channelId, responseUrl } };
  const { kind } = await analyzeAgain(ports, { ...asker, summaryId, wants, ...answerTo });
  ports.log.info({ ...asker, summaryId, outcome: kind }, 'Person asked for another look');
  const outcome = kind === 'already-queued' ? { kind, hasNote: note !== '' } : { kind };
  return {
    answer: { kind: 'close' },
    afterwards: () => respond(responseUrl, reanalyzeReply(outcome), { replaceOriginal: false }),
  };
}

interface Choice {
  window: ReanalyzeWindow;
  workspaceId: WorkspaceId;
  chosen: string | undefined;
}

/** Null for what the window does not offer. "The same" is whoever wrote what stands there now. */
async function readWho(
  { summaries, settings, models }: ListenerContext['ports'],
  { window, workspaceId, chosen }: Choice,
): Promise<AnalysisWants | null> {
  if (chosen === LOOK.larger) return { tier: 'large' };
  if (chosen !== LOOK.same) return null;
  const summary = await summaries.find(workspaceId, window.summaryId);
  // Whether it is still stored is told by the use case.
  if (summary === null) return {};
  const latest = (await summaries.findLatest(workspaceId, summary.run)) ?? summary;
  const { same } = planLooks(latest.diagnosis.authorship, { models, settings: await settings.reasoning(workspaceId) });
  return { choice: same };
}

function atField(field: string, words: string): SubmitOutcome {
  return { answer: { kind: 'errors', errors: { [field]: words } } };
}
