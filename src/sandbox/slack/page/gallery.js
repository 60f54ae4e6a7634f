import { blocks } from './blocks.js';
import { byId, element } from './dom.js';
import { showMessages } from './messages.js';
import { showModal } from './modal.js';

const names = { user: (id) => id, channel: (id) => id };
const context = {
  people: [],
  channels: [],
  me: { id: 'U0ADA' },
  app: { name: 'OpsAICortex', botUserId: 'U0CORTEX' },
  names,
  openThread: null,
};

/** A window of its own for each picture: nothing that was filled in stays for the next one. */
let drawn = 0;

/** Draws one message, home or modal; `ts` is when a message was posted. Called from outside, for a picture. */
window.draw = ({ kind, shown, ts, isPrivate }) => {
  byId('stage').replaceChildren();
  if (kind === 'modal') {
    drawn += 1;
    const view = { id: `V${drawn}`, hash: String(ts), values: {}, errors: {}, ...shown };
    showModal([view], context);
    return;
  }
  showModal([], context);
  if (kind === 'home') {
    const drawn = blocks(shown.blocks, { ...context, key: 'home', send: () => {} });
    byId('stage').append(element('div', { class: 'home-body' }, drawn));
    return;
  }
  const message = {
    ...shown,
    ts,
    userId: context.app.botUserId,
    channelId: 'C1',
    reactions: {},
    replyCount: 0,
    nodes: [],
    ephemeralFor: isPrivate ? context.me.id : null,
  };
  showMessages(byId('stage'), [message], context);
  for (const fold of document.querySelectorAll('details.container')) fold.open = true;
};
