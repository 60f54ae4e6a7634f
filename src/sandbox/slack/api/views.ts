import type { StoredView } from '../contract.ts';
import { type Fields, isFields, textOf } from '../fields.ts';
import { type Refusal, refuseView } from '../validation/validate.ts';
import { buildView, closeModal, findView, refreshView, viewJson } from '../views.ts';
import type { Trigger, World } from '../world.ts';
import { ApiFailure, requireText, throwRefusal, type Method, type MethodCall } from './method.ts';

/** Slack's life of a trigger_id, in milliseconds. */
const TRIGGER_LIFE = 3_000;
/** How many modals may lie on each other. */
const MAX_DEPTH = 3;

function viewOf({ world, args }: MethodCall, method: string, surface: 'home' | 'modal'): Fields {
  const { view } = args;
  throwRefusal(world, method, refuseView(view, surface));
  if (!isFields(view)) throw new ApiFailure('invalid_arguments');
  return view;
}

/** Uses the trigger up; it works once, and for three seconds. */
function exchange({ world, args }: MethodCall): Trigger {
  const id = requireText(args, 'trigger_id');
  const trigger = world.triggers.get(id);
  if (!trigger) throw new ApiFailure('invalid_trigger_id');
  if (trigger.used) throw new ApiFailure('exchanged_trigger_id');
  if (world.now() - trigger.at > TRIGGER_LIFE) throw new ApiFailure('expired_trigger_id');
  trigger.used = true;
  return trigger;
}

function checkExternalId(world: World, view: Fields, own?: StoredView): void {
  const externalId = textOf(view, 'external_id');
  if (externalId === '') return;
  const known = findView(world, externalId);
  if (known && known !== own) throw new ApiFailure('duplicate_external_id');
}

const publish: Method = {
  run(call) {
    const { world, args, team } = call;
    const userId = requireText(args, 'user_id');
    const member = world.members.get(userId);
    if (!member) throw new ApiFailure('user_not_found');
    const view = viewOf(call, 'views.publish', 'home');
    const known = world.homes.get(userId);
    const hash = textOf(args, 'hash');
    if (hash !== '' && known && known.hash !== hash) throw new ApiFailure('hash_conflict');
    const home = known ?? buildView(view, { teamId: team.id, userId });
    if (known) refreshView(known, view);
    world.homes.set(userId, home);
    world.changed();
    return { view: viewJson(home, world) };
  },
};

const open: Method = {
  run(call) {
    const { world } = call;
    const view = viewOf(call, 'views.open', 'modal');
    checkExternalId(world, view);
    const { teamId, userId } = exchange(call);
    const modal = buildView(view, { teamId, userId });
    world.modals.set(userId, [modal]);
    world.changed();
    return { view: viewJson(modal, world) };
  },
};

const push: Method = {
  run(call) {
    const { world } = call;
    const view = viewOf(call, 'views.push', 'modal');
    checkExternalId(world, view);
    const trigger = exchange(call);
    const stack = world.modals.get(trigger.userId) ?? [];
    const below = stack.at(-1);
    if (!below) throw new ApiFailure('not_found');
    return { view: viewJson(pushModal(world, below, view), world) };
  },
};

/** Lays a modal over another. Throws `push_limit_reached`. */
export function pushModal(world: World, below: StoredView, view: Fields): StoredView {
  const stack = world.modals.get(below.userId) ?? [];
  if (stack.length >= MAX_DEPTH) throw new ApiFailure('push_limit_reached');
  const modal = buildView(view, { teamId: below.teamId, userId: below.userId, below });
  world.modals.set(below.userId, [...stack, modal]);
  world.changed();
  return modal;
}

const update: Method = {
  run(call) {
    const { world, args } = call;
    const known = findView(world, textOf(args, 'view_id') || requireText(args, 'external_id'));
    if (!known) throw new ApiFailure('not_found');
    const view = viewOf(call, 'views.update', known.type);
    checkExternalId(world, view, known);
    const hash = textOf(args, 'hash');
    if (hash !== '' && known.hash !== hash) throw new ApiFailure('hash_conflict');
    refreshView(known, view);
    world.changed();
    return { view: viewJson(known, world) };
  },
};

/** Answers to `view_submission` go through the same checks as the methods. */
export function applyResponseAction(world: World, view: StoredView, answer: Fields): void {
  const action = textOf(answer, 'response_action');
  if (action === 'clear') world.modals.delete(view.userId);
  else if (action === 'errors') {
    throwRefusal(world, 'response_action errors', refuseErrors(view, errorsOf(answer)));
    view.errors = errorsOf(answer);
  } else if (action === 'update' || action === 'push') {
    const next = answer['view'];
    throwRefusal(world, `response_action ${action}`, refuseView(next, 'modal'));
    if (!isFields(next)) return;
    if (action === 'update') refreshView(view, next);
    else pushModal(world, view, next);
  } else closeModal(world, view);
  world.changed();
}

/** Slack shows a sentence at an input block, and nothing but a sentence. */
function refuseErrors(view: StoredView, errors: Record<string, string>): Refusal | null {
  const inputs = view.blocks.filter(({ type }) => type === 'input').map((block) => textOf(block, 'block_id'));
  const wrong = Object.entries(errors).filter(([blockId, words]) => !inputs.includes(blockId) || words === '');
  const isEmpty = Object.keys(errors).length === 0;
  if (wrong.length === 0 && !isEmpty) return null;
  const messages = isEmpty ? ['[ERROR] errors must not be empty'] : wrong.map(([id]) => `[ERROR] no input block ${id}`);
  return { error: 'invalid_arguments', messages };
}

function errorsOf(answer: Fields): Record<string, string> {
  const { errors } = answer;
  const entries = isFields(errors) ? Object.entries(errors) : [];
  return Object.fromEntries(entries.map(([blockId, sentence]) => [blockId, String(sentence)]));
}

export const VIEW_METHODS: Readonly<Record<string, Method>> = {
  'views.publish': publish,
  'views.open': open,
  'views.push': push,
  'views.update': update,
};
