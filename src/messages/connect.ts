import type { KnownBlock } from '@slack/types';
import type { InstallationId } from '../domain/ids.ts';
import type { Message } from '../domain/message.ts';
import { numberThere } from '../domain/servers.ts';
import { ACTION, actionIdWith } from './action-ids.ts';
import { actions, button, linkButton, message, note, section, sentence } from './blocks.ts';
import { bold, mono, paragraph, text } from './rich-text.ts';
import { oneLine } from './text.ts';

/** A linked installation; `sight` is null where it was removed on GitHub, and `unknown` where GitHub did not say. */
export interface Connected {
  id: InstallationId;
  /** Of the server where it is; null at home. */
  host: string | null;
  sight: { account: string; isSuspended: boolean } | null | 'unknown';
}

export interface Connections {
  connected: readonly Connected[];
  /** Which page of the list this is, from 1 on. */
  page: number;
  /** How many stand on pages before and behind this one. */
  before: number;
  left: number;
  /** Where the asker goes to link one more; none where the operator has not set that up. */
  ways: readonly WayToConnect[];
}

/** To one GitHub server. */
export interface WayToConnect {
  /** Null for the server at home. */
  host: string | null;
  install: string;
  authorize: string;
}

/** What this workspace sees of GitHub, and how to see more. */
export function connectMessage({ connected, page, before, left, ways }: Connections): Message {
  const none = 'No GitHub account is connected to this workspace, so no repository can be seen.';
  const total = before + connected.length + left;
  if (connected.length === 0 && total > 0) return sentence(`There is no page ${page}. Start with /cortex connect`);
  const lead = total === 0 ? section(none) : paragraph(bold('Connected to this workspace'));
  const more = left === 0 ? [] : [note(`And ${left} more: /cortex connect ${page + 1}`)];
  return message(total === 0 ? none : `Connected accounts on GitHub: ${total}`, [
    lead,
    ...connected.flatMap(connectedBlocks),
    ...more,
    ...(ways.length === 0 ? notSetUp() : waysToConnect(ways)),
  ]);
}

function connectedBlocks(connected: Connected): KnownBlock[] {
  const { id, sight } = connected;
  const name = nameOf(connected);
  const confirm = {
    title: 'Disconnect?',
    question: `This workspace does not see the repositories of ${oneLine(name, 100)} any more. Rules stay, and hear nothing. On GitHub nothing changes.`,
    yes: 'Disconnect',
  };
  const actionId = actionIdWith(ACTION.disconnectGitHub, id);
  return [
    paragraph(mono(name, 100), text(`  ${stateWords(sight)} (installation ${numberThere(id)})`)),
    ...actions(button('Disconnect', { actionId, value: String(id), confirm })),
  ];
}

function nameOf({ id, host, sight }: Connected): string {
  return sight === null || sight === 'unknown'
    ? `installation ${numberThere(id)}`
    : `${host === null ? '' : `${host}/`}${sight.account}`;
}

function stateWords(sight: Connected['sight']): string {
  if (sight === 'unknown') return 'GitHub did not say how it is';
  if (sight === null) return '⚠️ removed on GitHub';
  return sight.isSuspended ? '⚠️ suspended on GitHub' : '✅ connected';
}

/** More servers than these have no room beside the accounts. */
const MOST_WAYS = 8;

function waysToConnect(ways: readonly WayToConnect[]): KnownBlock[] {
  return [
    section(
      'To connect one more account, install the App there. If it is installed already, GitHub only has to say that you may see it.',
    ),
    ...ways.slice(0, MOST_WAYS).flatMap((way, index) => wayToConnect(way, { index, isOnly: ways.length === 1 })),
    note('The buttons are good for you, for one use, and for ten minutes. On the page that follows you choose.'),
  ];
}

function wayToConnect(
  { host, install, authorize }: WayToConnect,
  { index, isOnly }: { index: number; isOnly: boolean },
): KnownBlock[] {
  const actionId = (tail: string) => actionIdWith(ACTION.connectGitHub, index === 0 ? tail : `${tail}-${index}`);
  return [
    ...(isOnly ? [] : [paragraph(mono(host ?? 'GitHub', 100))]),
    ...actions(
      linkButton('Install on GitHub', { actionId: actionId('install'), url: install }),
      linkButton('It is installed already', { actionId: actionId('authorize'), url: authorize }),
    ),
  ];
}

function notSetUp(): KnownBlock[] {
  return [
    section(
      'To connect accounts from here, whoever runs this app creates the GitHub App with "cortex setup github", or sets GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET (docs/operations.md, "The GitHub App"). Until then they connect them with GITHUB_INSTALLATION_LINKS.',
    ),
  ];
}

/** The answer to who ended a link. */
export function disconnectedReply(id: InstallationId, isEnded: boolean): Message {
  return isEnded
    ? sentence(
        `Done: installation ${numberThere(id)} is not connected to this workspace any more. The GitHub App stays installed; where GITHUB_INSTALLATION_LINKS names the installation, it comes back when the app starts again.`,
      )
    : sentence(`Installation ${numberThere(id)} was not connected to this workspace, so nothing changed.`);
}
