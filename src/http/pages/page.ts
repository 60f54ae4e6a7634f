import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { send } from '../answer.ts';

/** Text that was escaped, or is ours. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Escapes every value put into the template, except for what came from here. */
export function html(parts: TemplateStringsArray, ...values: ReadonlyArray<string | Html | readonly Html[]>): Html {
  return new Html(String.raw({ raw: parts.raw }, ...values.map(textOf)));
}

function textOf(value: string | Html | readonly Html[]): string {
  if (value instanceof Html) return value.text;
  if (typeof value === 'string') return escape(value);
  return value.map(({ text }) => text).join('');
}

/** Signs without width, and those that turn the direction of text, are taken out: a name shall look like what it is. */
function escape(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Cf}]/gu, '')
    .replaceAll(/[&<>"']/gu, (character) => `&#${String(character.codePointAt(0))};`);
}

export interface Page {
  status: number;
  title: string;
  body: Html;
  /** Where its form may send what stands in it, besides to us. */
  formOrigin?: string;
}

/** Answers with a page that runs nothing, loads nothing, and can be neither framed nor kept. */
export function sendPage(res: ServerResponse, { status, title, body, formOrigin }: Page): void {
  const head = html`<meta charset="utf-8" /><meta name="viewport" content="width=device-width" /><title>
      ${title}
    </title>`;
  const main = html`<main>
    <p class="name">OpsAICortex</p>
    <h1>${title}</h1>
    ${body}
  </main>`;
  send(res, {
    status,
    type: 'text/html; charset=utf-8',
    body: `<!doctype html><html lang="en"><head>${head.text}<style>${STYLE}</style></head><body>${main.text}</body></html>`,
    headers: { 'content-security-policy': policyOf(formOrigin) },
  });
}

const STYLE = `
:root{color-scheme:light dark;--ink:#1d1c1d;--soft:#616061;--paper:#fff;--ground:#f6f5f7;--line:#dddbdf;--deed:#1264a3}
@media(prefers-color-scheme:dark){:root{--ink:#f0eff1;--soft:#aaa7ad;--paper:#222529;--ground:#1a1d21;--line:#3c3f44;--deed:#3d8fd1}}
*{box-sizing:border-box}
body{margin:0;padding:10vh 16px;background:var(--ground);color:var(--ink);font:16px/1.55 system-ui,sans-serif}
main{max-width:560px;margin:0 auto;padding:28px 32px;background:var(--paper);border:1px solid var(--line);border-radius:12px}
h1{margin:4px 0 12px;font-size:22px;line-height:1.3}
p{margin:0 0 12px;overflow-wrap:anywhere}
p:last-child{margin:0}
.name,.small{color:var(--soft);font-size:14px}
.name{margin:0}
ul{margin:0 0 16px;padding-left:20px}
code{font:14px ui-monospace,monospace}
form{display:flex;gap:16px;align-items:center;justify-content:space-between;margin:0 0 8px;padding:12px 14px;border:1px solid var(--line);border-radius:8px;overflow-wrap:anywhere}
form+p{margin-top:16px}
button{flex:none;padding:8px 16px;border:0;border-radius:6px;background:var(--deed);color:#fff;font:600 15px system-ui,sans-serif;cursor:pointer}
button:focus-visible{outline:3px solid var(--ink);outline-offset:2px}
`;

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

function policyOf(formOrigin: string | undefined): string {
  return [
    "default-src 'none'",
    `style-src 'sha256-${STYLE_HASH}'`,
    `form-action 'self'${formOrigin === undefined ? '' : ` ${formOrigin}`}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
