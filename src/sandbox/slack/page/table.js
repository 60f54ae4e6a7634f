import { element } from './dom.js';
import { richText } from './rich-text.js';

/** A table or data_table block; the latter shows a page of rows at a time. */
export function table(block, names) {
  const [head = [], ...rows] = block.rows;
  const pageSize = block.type === 'data_table' ? (block.page_size ?? 5) : rows.length;
  const body = element('tbody');
  const whole = element(
    'div',
    { class: 'table-box' },
    element(
      'table',
      {},
      block.caption && element('caption', {}, block.caption),
      element('thead', {}, row(head, { tag: 'th', block, names })),
      body,
    ),
  );
  let page = 0;
  const pages = Math.max(1, Math.ceil(rows.length / pageSize));
  const label = element('span', {});
  const show = (next) => {
    page = Math.min(Math.max(next, 0), pages - 1);
    const shown = rows.slice(page * pageSize, (page + 1) * pageSize);
    body.replaceChildren(...shown.map((cells) => row(cells, { tag: 'td', block, names })));
    label.textContent = `${page + 1} of ${pages}`;
  };
  show(0);
  if (pages > 1) {
    const turn = (text, by) =>
      element('button', { type: 'button', class: 'button', onclick: () => show(page + by) }, text);
    whole.append(element('div', { class: 'pager' }, turn('Previous', -1), label, turn('Next', 1)));
  }
  return whole;
}

function row(cells, { tag, block, names }) {
  const made = cells.map((cell, index) => {
    const setting = block.column_settings?.[index] ?? {};
    const isNumber = cell.type === 'raw_number';
    const name = `align-${setting.align ?? (isNumber ? 'right' : 'left')}${setting.is_wrapped ? ' wrapped' : ''}`;
    return element(tag, { class: name }, cell.type === 'rich_text' ? richText(cell, names) : cell.text);
  });
  return element('tr', {}, made);
}
