import { byId, element } from './dom.js';
import { textObject } from './text.js';

/** Shows the element's confirmation dialog, if it has one; resolves to whether the person went on. */
export function askFirst(confirm, names) {
  if (!confirm) return Promise.resolve(true);
  return new Promise((resolve) => {
    const close = (answer) => {
      dialog.close();
      dialog.remove();
      resolve(answer);
    };
    const style = confirm.style === 'danger' ? 'danger' : 'primary';
    const dialog = element(
      'dialog',
      { class: 'modal small', oncancel: () => close(false) },
      element(
        'header',
        { class: 'modal-head' },
        element('h2', {}, textObject(confirm.title, names), !confirm.title && 'Are you sure?'),
      ),
      element('div', { class: 'modal-body' }, textObject(confirm.text, names)),
      element(
        'footer',
        { class: 'modal-foot' },
        element(
          'button',
          { type: 'button', class: 'button', onclick: () => close(false) },
          confirm.deny?.text ?? 'Cancel',
        ),
        element(
          'button',
          { type: 'button', class: `button ${style}`, onclick: () => close(true) },
          confirm.confirm?.text ?? 'Yes',
        ),
      ),
    );
    byId('dialogs').append(dialog);
    dialog.showModal();
  });
}
