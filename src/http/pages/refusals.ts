import { html, type Html, type Page } from './page.ts';

/** Pages that say that nothing came of it; each ends with `again`, how to begin once more. */
export function refusals(again: Html) {
  return {
    refusal: (status: number, title: string, words: string): Page => ({
      status,
      title,
      body: html`<p>${words}</p>
        ${again}`,
    }),
    /** For what went wrong with us; the id is in the log. */
    failure: (status: number, words: string, id: string): Page => ({
      status,
      title: 'That did not work',
      body: html`<p>${words}</p>
        ${again}
        <p class="small">The error id is <code>${id}</code>.</p>`,
    }),
  };
}
