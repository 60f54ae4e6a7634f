import type { GitHubSite } from '../domain/github-apps.ts';
import { RepositoryName } from '../domain/ids.ts';
import { SummaryTarget } from '../domain/jobs.ts';
import type { Message } from '../domain/message.ts';
import { unreadableTargetMessage } from '../messages/help.ts';
import { unescape } from '../messages/text.ts';
import { withPlainAddresses } from './command.ts';
import { readTarget } from './target.ts';

/** What somebody wants who speaks to us in a channel. */
export type Mention =
  | { kind: 'help' }
  | { kind: 'status' | 'flaky'; word: string | undefined }
  /** Of nothing that was named: of the failure whose thread it is, or else the last one of the channel. */
  | { kind: 'summarize'; target: SummaryTarget | null }
  /** An address that we cannot read. */
  | { kind: 'unreadable'; answer: Message }
  | { kind: 'unclear' };

/** Longest message that is looked at; Slack's hold 4,000 characters and more. */
const TEXT_MAX = 4_000;

const FAILING = String.raw`(?:fail(?:ed|s|ing)?|breaks?|broke(?:n)?|breaking|red|down|crash(?:ed|ing)?|not\s+(?:pass|passing|work|working|green))`;

/** How people ask why. What stands in `name` is what they ask about. */
const QUESTIONS = [
  new RegExp(
    String.raw`^(?:why|how\s+come)\s+(?:did|does|do|is|are|has|have|was|were)\s+(?<name>.*?)\s*\b${FAILING}\b(?<where>.*)$`,
    'iu',
  ),
  new RegExp(
    String.raw`^(?:why|how\s+come)\s+(?<name>.*?)\s*\b(?:is\s+|was\s+|has\s+)?${FAILING}\b(?<where>.*)$`,
    'iu',
  ),
  /^(?:why|how\s+come)\s+(?:is|do(?:es)?|did|was|wo|ca)n[’']?t\s+(?<name>.*?)\s*\b(?:pass|work|build|green|go)(?:ing|ed)?\b(?<where>.*)$/iu,
  /^what(?:[’']s|\s+is|\s+has|\s+was|\s+did)?\s+(?:broke|broken|break|breaking|wrong|failing|failed|up|happened|happening)(?:\s+(?:with|to|in|on|at))?\b(?<name>.*)$/iu,
  /^(?:explain|summari[sz]e|analy[sz]e|check|look\s+at)\b(?<name>.*)$/iu,
  /^why(?<name>)$/iu,
] as const;

/** What says that something is meant, and not what. */
const POINTING = new Set(['', 'it', 'this', 'that', 'these', 'those', 'here', 'everything', 'failure', 'error']);
/** Names of no thing in particular, which a workflow can have all the same. */
const VAGUE = new Set(['build', 'builds', 'ci', 'run', 'job', 'pipeline', 'workflow', 'test', 'tests', 'checks']);

/** Reads what was said to us. The text is Slack's markup; whoever else is mentioned in it is of no interest. */
export function readMention(text: string, sites: readonly GitHubSite[]): Mention {
  const said = plainText(text);
  const words = said
    .split(' ')
    .map(bare)
    .filter((word) => word !== '');
  const [first, ...rest] = words;
  if (first === undefined) return { kind: 'summarize', target: null };
  const verb = first.toLowerCase();
  if (verb === 'help' && rest.length === 0) return { kind: 'help' };
  if (verb === 'status' || verb === 'flaky') return { kind: verb, word: rest.find((word) => word.includes('/')) };
  const explicit = words.find((word) => /^https?:|^[\w-]+\/[\w.-]+[#@]./iu.test(word));
  if (explicit !== undefined) return readExplicit(explicit, sites);
  return readQuestion(said, words);
}

function plainText(text: string): string {
  const plain = withPlainAddresses(text.slice(0, TEXT_MAX)).replaceAll(/<[@#!][^>]*>/gu, ' ');
  return unescape(plain).replaceAll(/\s+/gu, ' ').trim();
}

/** A word without the marks around it. */
function bare(word: string): string {
  return word.replaceAll(/^[\s"'`“”‘’(*_~,;:]+|[\s"'`“”‘’)*_~,;:.?!]+$/gu, '');
}

function readExplicit(word: string, sites: readonly GitHubSite[]): Mention {
  const outcome = readTarget(word, sites);
  return outcome.kind === 'target'
    ? { kind: 'summarize', target: outcome.target }
    : { kind: 'unreadable', answer: unreadableTargetMessage(outcome) };
}

function readQuestion(said: string, words: readonly string[]): Mention {
  const question = said
    .replace(/^(?:hey|hi|hello|ok|so|and|please|can you|could you)[\s,]+/iu, '')
    .replace(/[\s.?!]+$/u, '');
  for (const pattern of QUESTIONS) {
    const { name, where = '' } = pattern.exec(question)?.groups ?? {};
    if (name !== undefined) return { kind: 'summarize', target: readName(`${name}${where}`) };
  }
  // A name alone is a question where it looks like one.
  const isName = words.length === 1 && (said.endsWith('?') || RepositoryName.safeParse(words[0]).success);
  return isName ? { kind: 'summarize', target: readName(question) } : { kind: 'unclear' };
}

/** `main`, `Deploy on main`, `main in acme/web`, `the last build of acme/web`; null for "it". */
function readName(phrase: string): SummaryTarget | null {
  const inRepository = split(phrase, /(?:^|\s)(?:in|of|at|for|from)\s+(?<part>[\w-]+\/[\w.-]+)$/iu, isRepository);
  const onBranch = split(inRepository.rest, /(?:^|\s)on\s+(?:(?:the\s+)?branch\s+)?(?<part>\S+)(?:\s+branch)?$/iu);
  const name = strip(onBranch.rest);
  const repository = inRepository.part?.toLowerCase();
  const branch = onBranch.part && bare(onBranch.part);
  const isVague = VAGUE.has(name.toLowerCase());
  if (!POINTING.has(name.toLowerCase())) return read({ kind: 'called', name, repository, branch, isVague });
  if (repository !== undefined) return read({ kind: 'latest', repository, branch });
  return branch === undefined ? null : read({ kind: 'channel', branch });
}

function split(phrase: string, pattern: RegExp, fits = (_part: string): boolean => true) {
  const match = pattern.exec(phrase.trim());
  const part = match?.groups?.['part'];
  if (match === null || part === undefined || !fits(part)) return { rest: phrase.trim(), part: undefined };
  return { rest: phrase.trim().slice(0, match.index), part };
}

function isRepository(word: string): boolean {
  return RepositoryName.safeParse(word).success;
}

/** The name itself, without what people put around names. */
function strip(phrase: string): string {
  const name = bare(phrase)
    .replace(/^(?:(?:the|my|our|a|an|last|latest|newest|current)\s+)+/iu, '')
    .replace(/^(?:branch|workflow|repo|repository)\s+(?=\S)/iu, '')
    .replace(/(?<=\S)(?:\s+(?:branch|workflow|build|pipeline|job|run|repo|repository|again|today|now|just))+$/iu, '');
  return bare(name).slice(0, 200);
}

/** What does not fit is taken for "it": to answer about the last failure beats a riddle. */
function read(parts: Record<string, unknown>): SummaryTarget | null {
  return SummaryTarget.safeParse(parts).data ?? null;
}
