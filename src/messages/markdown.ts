import { clean, clip } from './text.ts';

// Outside text in GitHub's Markdown. GitHub looks for mentions and references in what the Markdown became, so a backslash
// does not keep `@name` or `#12` from being one: a sign without width between does.

/** Where GitHub would begin a mention, a reference or a link. */
const BREAK = '&#8203;';

/** `@name`, `#12`, `GH-12`, `https://…`, `www.…`. */
const REFERENCE = /[@#]|\bgh(?=-\d)|:(?=\/\/)|\bwww(?=\.)/giu;
const MARKUP = /[\\`*_{}[\]()!|~^$+=-]/gu;
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Outside text as a paragraph, at most `max` characters before it is escaped: it can format, mention, refer to and link nothing. */
export function paragraphText(outside: string, max: number): string {
  return clip(clean(outside).trim(), max)
    .replaceAll(/[&<>]/gu, (sign) => ENTITIES[sign] ?? '')
    .replaceAll(REFERENCE, `$&${BREAK}`)
    .replaceAll(MARKUP, String.raw`\$&`);
}

/** Lines as they are, in a fence that none of them can close; each at most `lineMax`. */
export function fencedLines(lines: readonly string[], lineMax: number): string {
  const shown = lines.map((line) => clip(clean(line).replaceAll('\n', ' ').trimEnd(), lineMax));
  const longest = Math.max(0, ...shown.flatMap((line) => [...line.matchAll(/`+/gu)].map(([run]) => run.length)));
  const fence = '`'.repeat(Math.max(3, longest + 1));
  return [`${fence}text`, ...shown, fence].join('\n');
}

/** A link; `address` is one that `webAddress` let pass. */
export function markdownLink(address: string, label: string, max: number): string {
  return `[${paragraphText(label, max).replaceAll('\n', ' ')}](<${address}>)`;
}
