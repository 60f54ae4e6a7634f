import { z } from 'zod';
import type { StoredMessage } from '../slack/local-slack.ts';
import type { Stage } from './stage.ts';

/** One link of a message, with the text that stands behind it on its line. */
interface Link {
  url: string;
  beside: string;
}

/**
 * Links into the local GitHub that lead nowhere, and links to log lines whose page shows another line there, in sentences.
 * Every link of the app's messages is followed.
 */
export async function findDeadLinks(stage: Stage, messages: readonly StoredMessage[]): Promise<string[]> {
  const pages = new Map<string, Promise<string | null>>();
  const pageOf = (url: string): Promise<string | null> => {
    const address = url.split('#')[0] ?? url;
    const page = pages.get(address) ?? read(address);
    pages.set(address, page);
    return page;
  };
  const links = messages.flatMap(({ blocks }) => linksIn(blocks)).filter(({ url }) => url.startsWith(stage.github.url));
  const faults = await Promise.all(links.map(async (link) => faultOf(link, await pageOf(link.url))));
  return [...new Set(faults.filter((fault) => fault !== null))];
}

async function read(url: string): Promise<string | null> {
  const answer = await fetch(url);
  return answer.ok ? answer.text() : null;
}

function faultOf({ url, beside }: Link, page: string | null): string | null {
  if (page === null) return `The link ${url} leads nowhere.`;
  const anchor = /#(step:\d+:\d+)$/u.exec(url)?.[1];
  if (anchor === undefined) return null;
  const line = new RegExp(`<li id="${anchor}".*?<span>(.*?)</span>`, 'su').exec(page)?.[1];
  if (line === undefined) return `The link ${url} names a line that the log does not have.`;
  const same = squeeze(line.replaceAll(/&#(\d+);/gu, (_, code: string) => String.fromCodePoint(Number(code))));
  return same.includes(squeeze(beside)) ? null : `The link ${url} shows "${same}" instead of "${beside}".`;
}

/** Without the spaces and the mark of a clipped end, in which a message may differ from the log. */
const squeeze = (text: string): string =>
  text
    .replace(/…$|\.\.\.$/u, '')
    .replaceAll(/\s+/gu, ' ')
    .trim();

const Node = z.looseObject({ url: z.string().optional(), text: z.unknown().optional() });

function linksIn(value: unknown): Link[] {
  if (Array.isArray(value)) {
    const beside = textIn(value.at(-1));
    return value.flatMap((entry) => linksIn(entry).map((link) => ({ ...link, beside: link.beside || beside })));
  }
  const node = Node.safeParse(value);
  if (!node.success) return [];
  const { url, ...rest } = node.data;
  return [...(url === undefined ? [] : [{ url, beside: '' }]), ...Object.values(rest).flatMap(linksIn)];
}

const textIn = (value: unknown): string => {
  const text = Node.safeParse(value).data?.text;
  return typeof text === 'string' ? text : '';
};
