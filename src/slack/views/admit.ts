import type { z } from 'zod';
import { authorize } from '../../auth/authorize.ts';
import type { Action } from '../../auth/policy.ts';
import type { WorkspaceId } from '../../domain/ids.ts';
import { refusedWords } from '../../messages/errors.ts';
import { strangeModal, wordsModal } from '../../messages/modals.ts';
import type { ListenerContext } from '../listener.ts';
import type { Submission, SubmitOutcome } from './submission.ts';
import { readWindow } from './windows.ts';

interface Entry<Window> {
  schema: z.ZodType<Window>;
  /** What the person has to be allowed, now and not when the window was opened. */
  action: Action;
}

/** What travelled with a window of this workspace, for a person who may do this; else what the window shows instead. */
export async function admit<Window extends { workspaceId: WorkspaceId }>(
  { ports }: Pick<ListenerContext, 'ports'>,
  { asker, metadata }: Submission,
  { schema, action }: Entry<Window>,
): Promise<{ window: Window } | { refusal: SubmitOutcome }> {
  const window = readWindow(schema, { metadata, workspaceId: asker.workspaceId });
  if (window === null) {
    ports.log.warn({ ...asker, action }, 'Window is not of this workspace');
    return { refusal: { answer: { kind: 'show', view: strangeModal() } } };
  }
  const role = await authorize(ports, asker, action);
  if (role.kind === 'allowed') return { window };
  ports.log.info({ ...asker, action, role: role.role }, 'Refused: the role does not suffice');
  return { refusal: { answer: { kind: 'show', view: wordsModal('Nothing was changed', refusedWords(role.needs)) } } };
}

/** Stays open, with a sentence at one field. */
export function atField(field: string, words: string): SubmitOutcome {
  return { answer: { kind: 'errors', errors: { [field]: words } } };
}
