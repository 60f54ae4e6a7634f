import { act } from './api.js';
import { element, toast } from './dom.js';

/**
 * Fills a composer form. Text that starts with one of the app's commands is sent as the command, other text as a message.
 * `place()` says who writes where.
 */
export function fillComposer(form, { place, placeholder, commands }) {
  const input = element('textarea', { rows: 1, placeholder, 'aria-label': placeholder });
  const hint = element('div', { class: 'command-hint', hidden: true });
  const send = async () => {
    const text = input.value.trim();
    if (text === '') return;
    input.value = '';
    grow();
    await post(text, place(), commands);
  };
  const grow = () => {
    input.style.height = 'auto';
    input.style.height = `${Math.min(input.scrollHeight, 160)}px`;
    showHint(hint, input, commands);
  };
  input.addEventListener('input', grow);
  input.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      void send();
    }
  });
  const button = element(
    'button',
    { type: 'button', class: 'send', 'aria-label': 'Send', title: 'Send', onclick: () => void send() },
    '➤',
  );
  form.replaceChildren(hint, element('div', { class: 'composer-box' }, input, button));
}

async function post(text, where, commands) {
  const [word] = text.split(/\s/, 1);
  if (commands.includes(word)) {
    if (where.threadTs) toast(`${word} does not work in threads.`);
    else await act('command', { ...where, command: word, text: text.slice(word.length).trim() });
  } else if (word.startsWith('/')) toast(`${word} is not a command here.`);
  else await act('message', { ...where, text });
}

function showHint(hint, input, commands) {
  const typed = input.value;
  const fitting =
    typed.startsWith('/') && !typed.includes(' ') ? commands.filter((command) => command.startsWith(typed)) : [];
  hint.hidden = fitting.length === 0;
  const choose = (command) => {
    input.value = `${command} `;
    input.focus();
    hint.hidden = true;
  };
  hint.replaceChildren(
    ...fitting.map((command) =>
      element(
        'button',
        { type: 'button', onclick: () => choose(command) },
        element('strong', {}, command),
        ' Send a command to the app',
      ),
    ),
  );
}
