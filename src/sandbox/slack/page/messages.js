import { act } from './api.js';
import { blocks } from './blocks.js';
import { element, keep } from './dom.js';
import { textOf, withEmoji } from './text.js';

/** Shows messages in a container; what did not change stays as it is. `openThread` is null inside a thread. */
export function showMessages(container, messages, context) {
  const before = new Map([...container.children].map((child) => [child.dataset.ts, child]));
  const isAtEnd = container.scrollHeight - container.scrollTop - container.clientHeight < 80;
  let day = '';
  const children = messages.flatMap((message) => {
    const version = `${context.me.id} ${JSON.stringify(message)}`;
    const known = before.get(message.ts);
    const shown = known?.version === version ? known : messageOf(message, context);
    shown.version = version;
    const label = dayOf(message.ts);
    const divider = label === day ? [] : [dividerFor(before.get(`day ${label}`), label)];
    day = label;
    return [...divider, shown];
  });
  keep(container, children);
  if (isAtEnd || !container.dataset.hasScrolled)
    container.scrollTop = context.openThread ? container.scrollHeight : container.scrollTop;
  container.dataset.hasScrolled = 'yes';
}

function dividerFor(known, label) {
  if (known) return known;
  return element('div', { class: 'day', 'data-ts': `day ${label}` }, element('span', {}, label));
}

function dayOf(ts) {
  const at = new Date(Number(ts) * 1000);
  const today = new Date();
  if (at.toDateString() === today.toDateString()) return 'Today';
  return new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long' }).format(at);
}

function timeOf(ts) {
  return new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' }).format(new Date(Number(ts) * 1000));
}

function messageOf(message, context) {
  const author = authorOf(message, context);
  return element(
    'article',
    { class: `message${message.ephemeralFor ? ' ephemeral' : ''}`, 'data-ts': message.ts },
    element('div', { class: `avatar ${author.kind}`, 'aria-hidden': 'true' }, author.initials),
    element(
      'div',
      { class: 'message-main' },
      message.ephemeralFor && element('div', { class: 'only-you' }, '👁 Only visible to you'),
      element(
        'div',
        { class: 'meta' },
        element('span', { class: 'author' }, author.name),
        author.kind === 'app' && element('span', { class: 'badge' }, 'APP'),
        element('time', { title: new Date(Number(message.ts) * 1000).toLocaleString('en-GB') }, timeOf(message.ts)),
      ),
      element(
        'div',
        { class: 'content' },
        contentOf(message, context),
        message.edited && element('span', { class: 'edited' }, '(edited)'),
      ),
      reactionsOf(message, context),
      repliesOf(message, context),
    ),
  );
}

function contentOf(message, context) {
  if (message.blocks.length === 0) return element('div', { class: 'plain' }, textOf(message.nodes, context.names));
  const send = (item, value) =>
    act('click', {
      user: context.me.id,
      channel: message.channelId,
      ts: message.ts,
      actionId: item.action_id,
      value: value ?? item.value,
    });
  return blocks(message.blocks, { ...context, key: message.ts, send });
}

function authorOf({ userId }, { people, app }) {
  if (userId === app.botUserId) return { name: app.name, kind: 'app', initials: app.name.slice(0, 1) };
  const person = people.find(({ id }) => id === userId);
  if (!person) return { name: 'Slackbot', kind: 'slackbot', initials: 'S' };
  const initials = person.realName
    .split(' ')
    .map((word) => word.slice(0, 1))
    .join('')
    .slice(0, 2);
  return { name: person.realName, kind: `person tone-${people.indexOf(person) % 6}`, initials };
}

function reactionsOf(message, { people }) {
  const all = Object.entries(message.reactions);
  if (all.length === 0) return null;
  const made = all.map(([name, users]) => {
    const who = users.map((id) => people.find((person) => person.id === id)?.realName ?? id).join(', ');
    return element('span', { class: 'reaction', title: who }, `${withEmoji(`:${name}:`)} ${users.length}`);
  });
  return element('div', { class: 'row' }, made);
}

function repliesOf(message, { openThread }) {
  if (!openThread) return null;
  const open = () => openThread(message.ts);
  if (message.replyCount > 0) {
    const text = message.replyCount === 1 ? '1 reply' : `${message.replyCount} replies`;
    return element(
      'button',
      { type: 'button', class: 'replies', onclick: open },
      element('strong', {}, text),
      element('span', {}, 'View thread'),
    );
  }
  if (message.ephemeralFor) return null;
  return element('button', { type: 'button', class: 'reply-hint', title: 'Reply in thread', onclick: open }, '↩ Reply');
}
