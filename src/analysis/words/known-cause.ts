import type { Category, LogLine } from '../../domain/diagnosis.ts';
import { KNOWN, type Known } from './known/index.ts';
import { withoutLead } from '../lead.ts';
import { withoutCheckout } from '../paths.ts';
import { clip, isSafeInCommand, oneLine, plain } from './text.ts';

/** What a reader is told: what broke, what it means, what to do. */
export interface Words {
  readonly headline: string;
  readonly cause: string;
  readonly nextStep: string;
}

export interface KnownCause extends Words {
  readonly weight: number;
  readonly category: Category | null;
  /** The line of the log that shows it. */
  readonly said: string;
}

const LINE_LENGTH = 400;
/** Tests have names of what they test, and it need not have happened; npm and Python warn of what they do without. */
const NO_PROOF =
  /^(?:npm (?:WARN|warn)|(?:\S{1,200}:\d{1,6}: )?[A-Z]\w{1,40}Warning: |# (?:Starting Test|Subtest)|ok \d|not ok \d|[✓✔√] |PASS\b|=== RUN|--- PASS|\[ (?:RUN|OK) )/u;
/** Up to here a rule counts only where it meets a line of the evidence. */
const SURE = 9;

/**
 * The heaviest known way of failing that a line shows; of equals the first in the log, and a line of the evidence before
 * one that is only in the excerpt. Null where there is none.
 */
export function findKnownCause({
  evidence,
  excerpt,
}: {
  evidence: readonly LogLine[];
  excerpt: readonly LogLine[];
}): KnownCause | null {
  const proven = new Set(evidence.map(({ line, jobId }) => `${jobId}:${line}`));
  let best: { known: Known; match: RegExpExecArray; worth: number } | null = null;
  for (const { text, line, jobId } of [...evidence, ...excerpt]) {
    const bonus = proven.has(`${jobId}:${line}`) ? 1 : 0;
    const said = cut(plain(text));
    if (NO_PROOF.test(said)) continue;
    const forms = [...new Set([said, bareOf(text)])];
    for (const known of KNOWN) {
      const worth = known.weight + bonus;
      if (worth <= (best?.worth ?? 0) || (bonus === 0 && known.weight < SURE)) continue;
      const match = matchOf(known.pattern, forms);
      if (match !== null) best = { known, match, worth };
    }
  }
  return best === null ? null : { ...put(best.known, best.match.groups ?? {}), said: oneLine(best.match.input) };
}

/** Half a word at the cut would be taken for a name. */
function cut(text: string): string {
  return text.length <= LINE_LENGTH ? text : text.slice(0, LINE_LENGTH).replace(/[\w./:-]{1,100}$/u, '');
}

/** The line with its level, list mark or "fatal:", which some tools are known by. */
function bareOf(text: string): string {
  return oneLine(withoutCheckout(withoutLead(cut(text)))).replace(/^##\[\w{1,10}\]/u, '');
}

function matchOf(pattern: RegExp, forms: readonly string[]): RegExpExecArray | null {
  for (const form of forms) {
    const match = pattern.exec(form);
    if (match !== null) return match;
  }
  return null;
}

type Groups = Readonly<Record<string, string | undefined>>;

function put(known: Known, groups: Groups): Omit<KnownCause, 'said'> {
  return {
    weight: known.weight,
    category: known.category ?? null,
    headline: fill(known.headline, groups),
    cause: fill(known.cause, groups),
    nextStep: fill(known.next, groups, isSafeInCommand),
  };
}

const PLACEHOLDER =
  /\{(?<before>[:,]? )?(?<name>\w{1,40})(?:#(?<noun>[\w ]{1,40}))?(?:\|(?<otherwise>[^{}]{0,80}))?\}/gu;
const VALUE_LENGTH = 90;

/** `{name}`, `{name|in its stead}`, `{: name|}`, where the punctuation comes and goes with the value, and `{number#noun}`. */
function fill(template: string, groups: Groups, isFit: (value: string) => boolean = () => true): string {
  return template.replaceAll(PLACEHOLDER, (...found) => {
    const { before = '', name = '', noun, otherwise = '' }: Groups = found.at(-1);
    const value = clip(oneLine(groups[name] ?? '').replace(/[\s:;,.]{1,10}$/u, ''), VALUE_LENGTH);
    if (value === '' || !isFit(value)) return otherwise;
    const counted = noun === undefined ? '' : ` ${noun}${value === '1' ? '' : 's'}`;
    return `${before}${value}${counted}`;
  });
}
