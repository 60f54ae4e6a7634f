import { act, fetchState, onChanges } from './api.js';
import { blocks } from './blocks.js';
import { fillComposer } from './composer.js';
import { byId, element, keep } from './dom.js';
import { showMessages } from './messages.js';
import { showModal } from './modal.js';
import { showSidebar } from './sidebar.js';

const query = new URLSearchParams(location.search);
const view = {
  team: query.get('team') ?? '',
  user: query.get('user') ?? '',
  kind: query.has('home') ? 'home' : 'channel',
  channel: query.get('channel') ?? '',
  thread: query.get('thread'),
};
const seen = new Map();
let state = null;
let isFetching = false;
let isStale = false;

/** Changes what is looked at, and the address with it. */
function go(change) {
  const isNewPlace = change.channel !== undefined || change.kind !== undefined;
  Object.assign(view, change);
  if (isNewPlace) delete byId('messages').dataset.hasScrolled;
  if (change.thread !== undefined) delete byId('replies').dataset.hasScrolled;
  const address = new URLSearchParams({ team: view.team, user: view.user });
  if (view.kind === 'channel') address.set('channel', view.channel);
  else address.set('home', '1');
  if (view.kind === 'channel' && view.thread) address.set('thread', view.thread);
  history.replaceState(null, '', `?${address}`);
  byId('frame').classList.remove('menu-open');
  void follow(change);
}

async function follow(change) {
  await refresh();
  const isAppShown = change.kind === 'home' || change.kind === 'direct';
  if (isAppShown || (change.user && view.kind !== 'channel')) announceHome();
}

function announceHome() {
  if (state.app.isInstalled) void act('home', { user: state.me.id, tab: view.kind === 'direct' ? 'messages' : 'home' });
}

async function refresh() {
  if (isFetching) {
    isStale = true;
    return;
  }
  isFetching = true;
  try {
    do {
      isStale = false;
      state = await fetchState(view);
    } while (isStale);
  } finally {
    isFetching = false;
  }
  if (state.team) show();
}

function show() {
  view.team = state.team.id;
  view.user = state.me.id;
  if (!state.channels.some(({ id }) => id === view.channel)) view.channel = state.channels[0]?.id ?? '';
  const channel = currentChannel();
  for (const known of state.channels) if (!seen.has(known.id)) seen.set(known.id, newest(known));
  if (channel) seen.set(channel.id, newest(channel));
  document.title = `${channel ? `#${channel.name}` : state.app.name} - ${state.team.name}`;
  showSidebar(byId('sidebar'), {
    state,
    view,
    go,
    unread: ({ id, messages }) => newest({ messages }) > (seen.get(id) ?? ''),
  });
  // The thread first: it narrows the channel, whose end must then be scrolled to.
  showThread(channel);
  showMain(channel);
  showModal(state.modals, context());
}

const newest = ({ messages }) => messages.at(-1)?.ts ?? '';
const currentChannel = () =>
  view.kind === 'channel' ? state.channels.find(({ id }) => id === view.channel) : undefined;

function context(openThread = null) {
  const { people, channels, me, app } = state;
  const names = {
    user: (id) => people.find((person) => person.id === id)?.realName ?? id,
    channel: (id) => channels.find((channel) => channel.id === id)?.name ?? id,
  };
  return { people, channels, me, app, names, openThread };
}

function showMain(channel) {
  const isHome = view.kind === 'home';
  const shown = channel ?? state.direct;
  byId('bar').replaceChildren(...(channel ? channelBar(channel) : appBar()));
  byId('messages').classList.toggle('home', isHome);
  byId('composer').hidden = isHome || shown.isArchived;
  if (isHome) {
    showHome();
    return;
  }
  const top = shown.messages.filter((message) => !message.threadTs);
  const name = channel ? `#${channel.name}` : state.app.name;
  if (top.length === 0) byId('messages').replaceChildren(element('p', { class: 'empty' }, `Nothing in ${name} yet.`));
  else
    showMessages(
      byId('messages'),
      top,
      context((thread) => go({ thread })),
    );
  compose(byId('composer'), {
    key: shown.id,
    placeholder: `Message ${name}, or type ${state.app.commands[0]}`,
    place: () => ({ user: state.me.id, channel: shown.id }),
  });
}

function compose(form, { key, placeholder, place }) {
  const wanted = `${key} ${state.me.id}`;
  if (form.dataset.key === wanted) return;
  form.dataset.key = wanted;
  fillComposer(form, { place, placeholder, commands: state.app.commands });
}

const menuButton = () =>
  element(
    'button',
    {
      type: 'button',
      class: 'icon-button menu-button',
      'aria-label': 'Menu',
      onclick: () => byId('frame').classList.toggle('menu-open'),
    },
    '☰',
  );

function channelBar(channel) {
  const marks = [channel.isArchived && 'archived', channel.isShared && 'shared'].filter(Boolean);
  return [
    menuButton(),
    element('h1', {}, `${channel.isPrivate ? '🔒' : '#'} ${channel.name}`),
    ...marks.map((mark) => element('span', { class: 'badge' }, mark)),
    element('span', { class: 'topic' }, channel.topic),
    element('span', { class: 'count', title: 'Members' }, `${channel.members.length} members`),
  ];
}

function appBar() {
  const tab = (kind, text) =>
    element(
      'button',
      { type: 'button', class: `tab${view.kind === kind ? ' here' : ''}`, onclick: () => go({ kind, thread: null }) },
      text,
    );
  return [
    menuButton(),
    element('span', { class: 'avatar app small', 'aria-hidden': 'true' }, state.app.name.slice(0, 1)),
    element('h1', {}, state.app.name),
    element('div', { class: 'tabs' }, tab('home', 'Home'), tab('direct', 'Messages')),
  ];
}

function showHome() {
  const container = byId('messages');
  const { home, me } = state;
  const version = home ? `${home.id} ${home.hash}` : 'none';
  const known = container.firstElementChild;
  if (known?.version === version && container.children.length === 1) return;
  const send = (item, value) =>
    act('click', { user: me.id, view: 'home', actionId: item.action_id, value: value ?? item.value });
  const body = home
    ? blocks(home.blocks, { ...context(), key: home.id, send })
    : [element('p', { class: 'empty' }, 'The app has not published its Home yet.')];
  const shown = element('div', { class: 'home-body' }, body);
  shown.version = version;
  keep(container, [shown]);
}

function showThread(channel) {
  const pane = byId('thread');
  const shown = channel ?? (view.kind === 'direct' ? state.direct : undefined);
  const parent = view.thread ? shown?.messages.find(({ ts }) => ts === view.thread) : undefined;
  pane.hidden = !parent;
  byId('frame').classList.toggle('with-thread', Boolean(parent));
  if (!parent) return;
  const close = element(
    'button',
    { type: 'button', class: 'icon-button', 'aria-label': 'Close thread', onclick: () => go({ thread: null }) },
    '✕',
  );
  byId('thread-bar').replaceChildren(
    element('h1', {}, 'Thread'),
    element('span', { class: 'topic' }, channel ? `#${channel.name}` : ''),
    close,
  );
  const replies = shown.messages.filter(({ threadTs }) => threadTs === parent.ts);
  showMessages(byId('replies'), [parent, ...replies], context());
  compose(byId('reply-composer'), {
    key: parent.ts,
    placeholder: 'Reply ...',
    place: () => ({ user: state.me.id, channel: shown.id, threadTs: parent.ts }),
  });
}

// On a narrow window the menu covers part of the page; a touch beside it, or Escape, closes it.
const closeMenu = () => byId('frame').classList.remove('menu-open');
byId('main').addEventListener('click', ({ target }) => target.closest('.menu-button') ?? closeMenu());
document.addEventListener('keydown', ({ key }) => key === 'Escape' && closeMenu());

await refresh();
if (view.kind === 'home') announceHome();
onChanges(() => void refresh());
