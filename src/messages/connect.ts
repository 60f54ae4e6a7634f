import type { KnownBlock } from '@slack/types';
import type { InstallationId } from '../domain/ids.ts';
import type { Message } from '../domain/message.ts';
import { ACTION, actionIdWith } from './action-ids.ts';
import { actions, button, linkButton, message, note, section, sentence } from './blocks.ts';
import { bold, mono, paragraph, text } from './rich-text.ts';
import { oneLine } from './text.ts';

/** A linked installation; `sight` is null where it was removed on GitHub, and `unknown` where GitHub did not say. */
export interface Connected {
  id: InstallationId;
  sight: { account: string; isSuspended: boolean } | null | 'unknown';
}

export interface Connections {
  connected: readonly Connected[];
  /** How many more are linked. */
  left: number;
  /** Where the asker goes to link one more; null where the operator has not set that up. */
  pages: { install: string; authorize: string } | null;
}

/** What this workspace sees of GitHub, and how to see more. */
export function connectMessage({ connected, left, pages }: Connections): Message {
  const none = 'No GitHub account is connected to this workspace, so no repository can be seen.';
  const lead = connected.length === 0 ? section(none) : paragraph(bold('Connected to this workspace'));
  const more = left === 0 ? [] : [note(`And ${left} more.`)];
  return message(connected.length === 0 ? none : `Connected accounts on GitHub: ${connected.length + left}`, [
    lead,
    ...connected.flatMap(connectedBlocks),
    ...more,
    ...(pages === null ? notSetUp() : waysToConnect(pages)),
  ]);
}

function connectedBlocks({ id, sight }: Connected): KnownBlock[] {
  const name = nameOf({ id, sight });
  const confirm = {
    title: 'Disconnect?',
    question: `This workspace does not see the repositories of ${oneLine(name, 100)} any more. Rules stay, and hear nothing. On GitHub nothing changes.`,
    yes: 'Disconnect',
  };
  const actionId = actionIdWith(ACTION.disconnectGitHub, id);
  return [
    paragraph(mono(name, 100), text(`  ${stateWords(sight)} (installation ${id})`)),
    ...actions(button('Disconnect', { actionId, value: String(id), confirm })),
  ];
}

function nameOf({ id, sight }: Connected): string {
  return sight === null || sight === 'unknown' ? `installation ${id}` : sight.account;
}

function stateWords(sight: Connected['sight']): string {
  if (sight === 'unknown') return 'GitHub did not say how it is';
  if (sight === null) return '⚠️ removed on GitHub';
  return sight.isSuspended ? '⚠️ suspended on GitHub' : '✅ connected';
}

function waysToConnect({ install, authorize }: NonNullable<Connections['pages']>): KnownBlock[] {
  const actionId = (tail: string) => actionIdWith(ACTION.connectGitHub, tail);
  return [
    section(
      'To connect one more account, install the App there. If it is installed already, GitHub only has to say that you may see it.',
    ),
    ...actions(
      linkButton('Install on GitHub', { actionId: actionId('install'), url: install }),
      linkButton('It is installed already', { actionId: actionId('authorize'), url: authorize }),
    ),
    note('The buttons are good for you, for one use, and for ten minutes. On the page that follows you choose.'),
  ];
}

function notSetUp(): KnownBlock[] {
  return [
    section(
      'To connect accounts from here, whoever runs this app has to set GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET (docs/operations.md, "The GitHub App"). Until then they connect them with GITHUB_INSTALLATION_LINKS.',
    ),
  ];
}

/** The answer to who ended a link. */
export function disconnectedReply(id: InstallationId, isEnded: boolean): Message {
  return isEnded
    ? sentence(
        `Done: installation ${id} is not connected to this workspace any more. The GitHub App stays installed; where GITHUB_INSTALLATION_LINKS names the installation, it comes back when the app starts again.`,
      )
    : sentence(`Installation ${id} was not connected to this workspace, so nothing changed.`);
}
