import { isContinuation, isPlainNoise, isTerminator } from '../shape.ts';

/** How much of a line is looked at. */
const LONG = 400;
const SAMPLE = 200;
const FAR_INDENT = 20;

const LOOKS: ReadonlyArray<readonly [TextTrait, RegExp]> = [
  ['hasPlace', /[\w)]\.\w{1,8}[:(]\d|line \d|:\d{1,7}:\d/u],
  [
    'isFrame',
    /^\s{0,60}(?:at |from |#\d{1,4} |File "|\d{1,4}: 0x|in )|\.(?:java|rb|py|js|ts|php|cs|ex|go|rs|scala|kt|pm|lua)(?:"|\(|:)(?:, line )?\d/u,
  ],
  ['saysContrast', /\b(?:expected|actual|received|got|want|but was|should|assert\w{0,20})\b/iu],
  [
    'counts',
    /\b\d{1,9} (?:tests?|examples?|specs?|assertions?|passed|passing|failures?|errors?|scenarios|steps|files?|offenses|problems|warnings?|skipped|pending)\b|Tests:|Tests run:|Ran \d/iu,
  ],
  [
    'tellsTime',
    /\b(?:Finished in|Time:|Duration|Total time|real\s|user\s|sys\s|elapsed|took|Memory|seed)\b|\d(?:ms|s| s| ms| sec| seconds)\b/iu,
  ],
  ['warns', /warn|deprecat|notice/iu],
  ['passes', /\b(?:pass(?:ed|ing)?|ok|success\w{0,8}|done|completed?)\b|[✓✔]/iu],
  ['isSentence', /[.!?]$/u],
  ['hasQuotes', /['"`]/u],
  ['isRule', /^\W{1,400}$/u],
  ['isCommand', /^(?:\$|\+{1,4}|>) \S/u],
];

/** What a line looks like by itself, whatever stands around it. */
export type TextTrait =
  | 'indent'
  | 'length'
  | 'words'
  | 'digits'
  | 'punctuation'
  | 'capitals'
  | 'continues'
  | 'terminates'
  | 'isPlain'
  | 'hasPlace'
  | 'isFrame'
  | 'saysContrast'
  | 'counts'
  | 'tellsTime'
  | 'warns'
  | 'passes'
  | 'isSentence'
  | 'hasQuotes'
  | 'isRule'
  | 'isCommand';

export function readTraits(text: string): Record<TextTrait, number> {
  const line = text.slice(0, LONG);
  const sample = text.slice(0, SAMPLE);
  const share = (pattern: RegExp): number => (sample.match(pattern)?.length ?? 0) / Math.max(1, sample.length);
  const traits: Record<TextTrait, number> = {
    indent: indentOf(text),
    length: text.length,
    words: line.split(/\s+/u).filter((word) => word !== '').length,
    digits: share(/\d/gu),
    punctuation: share(/[^\p{L}\p{N}\s]/gu),
    capitals: share(/\p{Lu}/gu),
    continues: Number(isContinuation(text)),
    terminates: Number(isTerminator(text)),
    isPlain: Number(isPlainNoise(text)),
    hasPlace: 0,
    isFrame: 0,
    saysContrast: 0,
    counts: 0,
    tellsTime: 0,
    warns: 0,
    passes: 0,
    isSentence: 0,
    hasQuotes: 0,
    isRule: 0,
    isCommand: 0,
  };
  for (const [trait, pattern] of LOOKS) traits[trait] = Number(pattern.test(line));
  return traits;
}

/** How far in a line begins; beyond some twenty columns it makes no difference. */
export function indentOf(text: string): number {
  return Math.min(FAR_INDENT, text.length - text.trimStart().length);
}
