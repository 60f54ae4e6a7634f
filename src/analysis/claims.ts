import type { Verdict } from '../domain/diagnosis.ts';
import type { Findings } from '../domain/reasoning.ts';

/** Commands that nobody should be led to run. What failed may be such a command, and then the cause may quote it. */
const COMMANDS: ReadonlyArray<readonly [pattern: RegExp, reason: string]> = [
  [
    /\b(?:curl|wget|iwr|irm|invoke-webrequest|invoke-restmethod|fetch|aria2c|lynx)\b[^\n]{0,300}?\|\s{0,3}(?:sudo\s{1,3})?(?:[\w/.-]{0,40}\/)?(?:(?:ba|z|da|k|fi|c|tc)?sh|iex|invoke-expression|python3?|node|perl)\b/iu,
    'it pipes a download into a shell',
  ],
  [
    /\|\s{0,3}(?:sudo\s{1,3})?(?:\/[\w/.-]{0,40}\/)?(?:(?:ba|z|da|k)?sh|python3?|perl|ruby|php)\b(?!\s{0,2}\|)/u,
    'it pipes something into an interpreter',
  ],
  [
    /(?:\b(?:ba|z|da)?sh\b(?:\s{1,3}-\w{1,4})?\s{0,3}|\beval\s{0,3}|\bsource\s{1,3}|(?<![\w.])\.\s)(?:["']?\$\(|<\()|\biex\b\s{0,3}\(|\binvoke-expression\b/iu,
    'it runs what something else prints',
  ],
  [
    /\b(?:rm\s{1,3}-\w{0,4}[rf]|mkfs|dd\s{1,3}if=|chmod\s{1,3}(?:-R\s{1,3})?0?777|git\s{1,3}push\s[^\n]{0,80}(?:--force|-f\b))|--no-verify\b|:\(\)\s{0,2}\{/iu,
    'it gives a command that destroys or bypasses something',
  ],
];

/** What a colleague who explains a failure has no reason to write, and what is wrong with it, in words for the model and the reader. */
const NEVER: ReadonlyArray<readonly [pattern: RegExp, reason: string]> = [
  [
    /(?:^|[.!?;:,]\s{1,3}|\b(?:please|then|and|to|must|should|now|just)\s{1,3})(?:paste|send|post|share|reveal|print|echo|enter|e-?mail|upload|publish|dump|show)\b[^.!?\n]{0,60}\b(?:tokens?|passwords?|secrets?|credentials?|api[ -]?keys?|private keys?|environment variables)\b/iu,
    'it asks for a secret to be shown',
  ],
  [
    /\b(?:disable|turn(?:ing)? off|bypass|switch off)\b[^.!?\n]{0,40}\b(?:branch protection|code reviews?|2fa|mfa|two-factor|security|signature (?:checks?|verification)|certificates?|tls|ssl|sandbox|audit|secret scanning|required checks?)\b/iu,
    'it advises to switch a protection off',
  ],
  [
    /\bconfidence\b\s{0,3}(?:level\s{0,3})?(?:is|[:=])?\s{0,3}(?:very\s)?(?:high|full|certain|100)|\b(?:high|full|100\s?%) confidence\b/iu,
    'it speaks of its own confidence',
  ],
  [
    /\b(?:action_id|callback_id|block_id|response_url|trigger_id)\b|["']type["']\s{0,2}:\s{0,2}["'](?:button|section|actions|header|mrkdwn|plain_text|rich_text|image|modal)\b/iu,
    'it contains data that is no sentence',
  ],
  [
    /\b(?:system prompt|(?:my|your|previous|these) instructions|my rules|ignore (?:all|the|any|previous|everything)[^.]{0,30}(?:above|instructions|rules)|as an ai (?:language )?(?:model|assistant))\b|<<\s?(?:DATA|END)\b/iu,
    'it speaks of its own task',
  ],
];

/** What is wrong with what a text says; null where nothing is. The reason is ours, without a word of the text. */
export function findClaim(text: string, findings: Findings, isAdvice: boolean): string | null {
  const failed = isAdvice ? '' : (findings.facts.failedCommand ?? '').toLowerCase();
  const found =
    NEVER.find(([pattern]) => pattern.test(text)) ??
    COMMANDS.find(([pattern]) => {
      const command = pattern.exec(text)?.[0];
      return command !== undefined && !failed.includes(command.toLowerCase());
    });
  if (found !== undefined) return found[1];
  return claimsSuccess(text, findings) ? 'it says that all is well, and the run failed' : null;
}

/** These end without anything of the code having failed. */
const HARMLESS: ReadonlySet<Verdict['kind']> = new Set([
  'cancelled',
  'superseded',
  'timeout',
  'infrastructure',
  'flaky',
]);
const TESTS_PASSED =
  /\b(?:all|every) (?:of )?(?:the )?(?:\w{1,20} )?(?:tests?|specs?|suites?|checks?) (?:have |has |were |are )?(?:pass(?:ed|es|ing)?|succeed(?:ed|s)?|green)\b/iu;
const ALL_WELL =
  /\b(?:no|without(?: any)?|zero) (?:real |actual )?(?:failures?|errors?|problems?|issues?)\b(?! (?:message|code|output|handler|boundary))|\bnothing (?:has )?(?:failed|broke|is wrong|went wrong)\b|\beverything (?:is|was|works|passed|succeeded)\b|\b(?:build|run|job|pipeline|workflow) (?:has )?(?:succeeded|passed|is green|completed successfully)\b/iu;
const WAVED_THROUGH =
  /\b(?:safe|ok|okay|fine) to (?:ignore|merge|deploy|approve|ship)\b|\b(?:failure|run|error|result|it) can (?:safely )?be (?:ignored|merged)\b|\bfalse alarm\b|\b(?:merge|approve|deploy) (?:it|this|anyway|now|right away)\b/iu;
const BUT = /\b(?:but|however|yet|although|though|while|except|only|still|despite|until|before|because|so that)\b/iu;

/** Only where it contradicts what the rules have found: that tests passed and the coverage is too low can well be. */
function claimsSuccess(text: string, { facts, verdict }: Findings): boolean {
  if (HARMLESS.has(verdict.kind)) return false;
  if (TESTS_PASSED.test(text) && facts.failingTests.length > 0) return true;
  const isFailed = facts.failingTests.length > 0 || facts.problems.length > 0 || (facts.exitCode ?? 0) !== 0;
  return isFailed && (WAVED_THROUGH.test(text) || (ALL_WELL.test(text) && !BUT.test(text)));
}

const DENSE = /[A-Za-z0-9+_=-]{20,2000}/gu;
const BITS = 3.2;
/** Names of jobs and branches are long as well; their words are not. */
const LONGEST_WORD = 15;

/** Strings that look like keys or hashes: letters and digits mixed, and hardly two alike. */
export function denseStrings(text: string): string[] {
  return Array.from(text.matchAll(DENSE), ([run]) => run).filter((run) => {
    const longest = Math.max(...run.split(/[-_=+]/u).map(({ length }) => length));
    return longest > LONGEST_WORD && /\d/u.test(run) && /[A-Za-z]/u.test(run) && entropy(run) >= BITS;
  });
}

function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const letter of text) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum - (count / text.length) * Math.log2(count / text.length), 0);
}
