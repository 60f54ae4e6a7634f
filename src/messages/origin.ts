import type { KnownBlock } from '@slack/types';
import type { Origin } from '../domain/origin.ts';
import type { Run } from '../domain/run.ts';
import { bold, bullets, link, mono, paragraph, plain, text, type Span } from './rich-text.ts';
import { count, shortSha } from './text.ts';
import { repositoryUrl } from './words.ts';

/** Where a failure began, which commits may have brought it, and where else it is met. People are named, and nobody is mentioned. */
export function originBlocks(origin: Origin | undefined, run: Pick<Run, 'url'>): KnownBlock[] {
  if (origin === undefined) return [];
  return [
    paragraph(...beginningSpans(origin, run)),
    ...suspectBlocks(origin, run),
    ...ownerBlocks(origin),
    ...branchBlocks(origin),
  ];
}

function beginningSpans({ firstBad, lastGood, commits }: Origin, run: Pick<Run, 'url'>): Span[] {
  const { sha, title, actor, runNumber, url } = firstBad;
  const first = [
    bold('First failed at '),
    commit(run, sha),
    text(' '),
    plain(title, 110),
    text(' by '),
    plain(actor, 60),
    text(', '),
    link(url, `run #${runNumber}`),
  ];
  if (lastGood === null) return [...first, text('. No earlier run that passed on this branch is known.')];
  const between = commits === null ? '' : `, ${count(commits, 'commit')} before`;
  return [
    ...first,
    text('. Last passed at '),
    commit(run, lastGood.sha),
    text(', '),
    link(lastGood.url, `run #${lastGood.runNumber}`),
    text(`${between}.`),
  ];
}

function suspectBlocks({ suspects }: Origin, run: Pick<Run, 'url'>): KnownBlock[] {
  if (suspects.length === 0) return [];
  const items = suspects.map(({ sha, title, actor, reason, owners = [] }) => [
    commit(run, sha),
    text(' '),
    plain(title, 110),
    text(' by '),
    plain(actor, 60),
    text(': '),
    plain(reason, 200),
    ...(owners.length === 0 ? [] : [text(', owned by '), plain(owners.join(', '), 160)]),
  ]);
  return [bullets([bold(count(suspects.length, 'suspect'))], items)];
}

/** Whom to ask: told, and called by nothing. */
function ownerBlocks({ owned }: Origin): KnownBlock[] {
  if (owned === undefined || owned.owners.length === 0) return [];
  const { path, owners } = owned;
  return [
    paragraph(
      bold('Whom to ask: '),
      plain(owners.join(', '), 200),
      text(' (CODEOWNERS of '),
      mono(path, 160),
      text(')'),
    ),
  ];
}

function branchBlocks({ otherBranches }: Origin): KnownBlock[] {
  if (otherBranches.length === 0) return [];
  const names = otherBranches.flatMap((branch, index) => [...(index > 0 ? [text(', ')] : []), mono(branch, 80)]);
  return [paragraph(bold('The same cause also fails on '), ...names)];
}

function commit({ url }: Pick<Run, 'url'>, sha: string): Span {
  const base = repositoryUrl(url);
  return link(base && `${base}/commit/${encodeURIComponent(sha.toWellFormed())}`, shortSha(sha), { code: true });
}
