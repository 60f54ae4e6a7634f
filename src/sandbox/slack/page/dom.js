/**
 * Makes an element. Children that are strings become text nodes, so nothing that came from a message is read as HTML.
 * Falsy children are left out; properties that start with `on` are listeners.
 */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) made.addEventListener(name.slice(2), value);
    else if (name === 'class') made.className = value;
    else made.setAttribute(name, value === true ? '' : String(value));
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

export function byId(id) {
  return document.querySelector(`#${id}`);
}

/** Puts these elements into the container, touching it only where something changed. */
export function keep(container, children) {
  const same =
    container.childNodes.length === children.length &&
    children.every((child, index) => container.childNodes[index] === child);
  if (!same) container.replaceChildren(...children);
}

export function toast(text) {
  const shown = element('div', { class: 'toast' }, text);
  byId('toasts').append(shown);
  setTimeout(() => shown.remove(), 5000);
}
