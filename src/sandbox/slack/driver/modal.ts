import type { Ack, StoredView, SubmitOutcome, ViewValues } from '../contract.ts';
import { ApiFailure } from '../api/method.ts';
import { applyResponseAction } from '../api/views.ts';
import { fieldsOf, flagOf, parseFields, textOf, type Fields } from '../fields.ts';
import { elementsOf } from '../messages.ts';
import { closedPayload, submissionPayload } from '../outgoing/interactions.ts';
import { closeModal, findView, isFilled, valueOf } from '../views.ts';
import type { World } from '../world.ts';
import type { Stand } from './stand.ts';

/** Fills a modal in and submits it. Nothing is sent while a required field is empty, as in Slack's own client. */
export async function runSubmit(
  { world, app }: Stand,
  given: StoredView | string,
  values: ViewValues = {},
): Promise<SubmitOutcome> {
  const view = openModal(world, given);
  fillIn(view, values);
  view.errors = missing(view);
  if (Object.keys(view.errors).length > 0) {
    world.changed();
    return { status: -1, ackMs: 0, body: '', errors: view.errors };
  }
  const payload = submissionPayload(world, view);
  const form = { payload: JSON.stringify(payload) };
  const ack = await app.send({ endpoint: 'interactions', kind: 'view_submission', subject: view.callbackId, form });
  if (ack.status === 200) return { ...ack, errors: applyAnswer(world, view, ack) };
  return { ...ack, errors: {} };
}

/** An answer that Slack would refuse leaves the modal open and is noted as a violation. */
function applyAnswer(world: World, view: StoredView, ack: Ack): Record<string, string> {
  try {
    applyResponseAction(world, view, parseFields(ack.body) ?? {});
    return view.errors;
  } catch (error) {
    if (error instanceof ApiFailure) return { '': error.code };
    throw error;
  }
}

/** Closes a modal with its cross; null where the app did not ask to hear of it. */
export async function runDismiss({ world, app }: Stand, given: StoredView | string): Promise<Ack | null> {
  const view = openModal(world, given);
  const payload = closedPayload(world, view, view.clearOnClose);
  if (view.clearOnClose) world.modals.delete(view.userId);
  closeModal(world, view);
  if (!view.notifyOnClose) return null;
  const form = { payload: JSON.stringify(payload) };
  return app.send({ endpoint: 'interactions', kind: 'view_closed', subject: view.callbackId, form });
}

function openModal(world: World, given: StoredView | string): StoredView {
  const id = typeof given === 'string' ? given : given.id;
  const view = findView(world, id);
  if (view?.type !== 'modal') throw new Error(`There is no open modal ${id}`);
  return view;
}

function fillIn(view: StoredView, values: ViewValues): void {
  const fields = elementsOf(view.blocks);
  for (const [name, value] of Object.entries(values)) {
    const field = fields.find(
      ({ block, element }) => element['action_id'] === name || textOf(block, 'block_id') === name,
    );
    if (!field) throw new Error(`The modal "${textOf(view.title, 'text')}" has no field ${name}`);
    const ofBlock = (view.values[textOf(field.block, 'block_id')] ??= {});
    ofBlock[textOf(field.element, 'action_id')] = valueOf(field.element, value);
  }
}

function missing(view: StoredView): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const block of view.blocks.filter(({ type }) => type === 'input')) {
    const blockId = textOf(block, 'block_id');
    const element = fieldsOf(block, 'element');
    const state = view.values[blockId]?.[textOf(element, 'action_id')];
    const problem = isFilled(state) ? lengthProblem(element, state) : null;
    if (!isFilled(state) && !flagOf(block, 'optional')) errors[blockId] = 'Please complete this required field.';
    else if (problem) errors[blockId] = problem;
  }
  return errors;
}

function lengthProblem(element: Fields, state: Fields | undefined): string | null {
  const { length } = textOf(state, 'value');
  const min = Number(element['min_length'] ?? 0);
  const max = Number(element['max_length'] ?? Infinity);
  if (length < min) return `Please write at least ${min} characters.`;
  return length > max ? `Please write at most ${max} characters.` : null;
}
