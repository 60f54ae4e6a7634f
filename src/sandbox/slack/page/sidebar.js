import { element } from './dom.js';

const ROLE = (person) => {
  if (person.isOwner) return 'owner';
  if (person.isAdmin) return 'admin';
  return person.isRestricted || person.isUltraRestricted ? 'guest' : 'member';
};

/** The left column: workspace, channels, the app, and who one is. */
export function showSidebar(nav, { state, view, go, unread }) {
  const { team, teams, channels, app, people, me } = state;
  const heading = (text) => element('h2', {}, text);
  const channelLinks = channels.map((channel) =>
    item({
      sign: channel.isPrivate ? '🔒' : '#',
      text: channel.name,
      isHere: view.kind === 'channel' && view.channel === channel.id,
      isUnread: unread(channel),
      isDim: channel.isArchived,
      onclick: () => go({ kind: 'channel', channel: channel.id, thread: null }),
    }),
  );
  const appLink = item({
    sign: element('span', { class: 'avatar app tiny' }, app.name.slice(0, 1)),
    text: app.name,
    isHere: view.kind !== 'channel',
    isDim: !app.isInstalled,
    onclick: () => go({ kind: 'home' }),
  });
  const humans = people.filter((person) => !person.isBot && !person.isDeleted);
  nav.replaceChildren(
    element(
      'div',
      { class: 'workspace' },
      element('span', { class: 'workspace-mark', 'aria-hidden': 'true' }, team.name.slice(0, 1)),
      teamChoice(teams, team, go),
    ),
    element(
      'div',
      { class: 'sidebar-scroll' },
      heading('Channels'),
      channelLinks,
      heading('Apps'),
      appLink,
      !app.isInstalled && element('p', { class: 'sidebar-note' }, 'Not installed in this workspace.'),
    ),
    element(
      'label',
      { class: 'who' },
      'You are',
      choice(
        humans.map((person) => [person.id, `${person.realName} (${ROLE(person)})`]),
        me.id,
        (user) => go({ user }),
      ),
    ),
  );
}

function teamChoice(teams, team, go) {
  if (teams.length === 1) return element('span', { class: 'workspace-name' }, team.name);
  return choice(
    teams.map(({ id, name }) => [id, name]),
    team.id,
    (id) => go({ team: id, user: '', kind: 'channel', channel: '', thread: null }),
  );
}

function choice(entries, chosen, pick) {
  const select = element(
    'select',
    { class: 'select', onchange: () => pick(select.value) },
    entries.map(([value, text]) => element('option', { value, selected: value === chosen }, text)),
  );
  return select;
}

function item({ sign, text, isHere, isUnread, isDim, onclick }) {
  const name = ['item', isHere && 'here', isUnread && 'unread', isDim && 'dim'].filter(Boolean).join(' ');
  return element(
    'button',
    { type: 'button', class: name, 'aria-current': isHere ? 'page' : undefined, onclick },
    element('span', { class: 'sign' }, sign),
    element('span', { class: 'item-text' }, text),
  );
}
