// What is an address in a sentence of a model, and what may stay of it. A model must not lead anybody anywhere, so no address with a path
// survives. A host may be named where the log names it: that a registry cannot be reached is worth saying.

const TOP = [
  'com|net|org|io|dev|app|co|ai|gg|me|info|biz|xyz|site|online|top|club|shop|link|click|live|page|ly|to|us|uk|de|fr|ru|cn|nl|eu|jp|br|pl',
  'se|ch|at|be|es|ca|au|tv|ws|pw|su|ir|kr|tk|ml|ga|cf|gq|edu|gov|mil|int|cloud|tech|store|space|zip|mov|run|example|invalid|internal|local|test',
].join('|');
const LABEL = String.raw`[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?`;
const REST = String.raw`[^\s<>"'\x60|)\]}]{0,2000}`;

/** Everything that some program would take for an address. The first group is what matters. */
const ADDRESSES: readonly RegExp[] = [
  new RegExp(String.raw`[\w+.-]{0,40}:\/\/${REST}`, 'giu'),
  new RegExp(String.raw`(?<![\w+.-])(?:https?|hxxps?|javascript|vbscript|mailto|tel|slack):(?=[^\s:])${REST}`, 'giu'),
  new RegExp(String.raw`(?<![\w+.-])data:[a-z]{1,20}\/${REST}`, 'giu'),
  new RegExp(String.raw`(?<![\w:/.])\/\/(?:${LABEL}\.){1,8}\p{L}{2,24}${REST}`, 'giu'),
  new RegExp(String.raw`(?<![\w.])www\.${REST}`, 'giu'),
  new RegExp(String.raw`(?<![\w@./-])(?:${LABEL}\.){1,8}(?:${TOP})(?::\d{1,5})?[/?#]${REST}`, 'giu'),
  new RegExp(String.raw`(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?\/(?!\d{1,2}(?!\w))${REST}`, 'gu'),
];
/** A host by itself, in small letters: `System.Net` is none. */
const HOSTS: readonly RegExp[] = [
  new RegExp(
    String.raw`(?<![\w@./\\-])(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}(?:com|net|org|io|dev|app|co|ai|gg|me|info|biz|xyz|site|online|top|club|shop|link|click|live|ly|ru|cn|tk|zip|example|invalid)(?![\w/-]|\.\w)`,
    'gu',
  ),
  /(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.])/gu,
  /(?<![\w.@+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[a-z]{2,24}\b/giu,
];
/** These name modules and images in logs of all kinds: `github.com/acme/errors` is what a Go program calls its import. */
const NAMES_MODULES =
  /^(?:github\.com|gitlab\.com|bitbucket\.org|golang\.org\/x|google\.golang\.org|gopkg\.in|(?:sigs\.)?k8s\.io|go\.uber\.org|ghcr\.io|quay\.io|docker\.io|registry\.k8s\.io|mcr\.microsoft\.com)\/[\w./:-]{1,200}$/u;
/** Written so that nobody but a reader sees the address. */
const DISGUISED = /\s?(?:\[\.\]|\(\.\)|\{\.\}|\[dot\]|\(dot\))\s?/giu;
const DISGUISED_COLON = /\[:\]|\(:\)/gu;

export type AddressJudgement =
  /** `text` has hosts at most, and only such as the log names. */
  { kind: 'fine'; text: string } | { kind: 'foreign'; found: string[] };

/** `isInLog` tells whether the log names exactly this, as a word of its own. */
export function judgeAddresses(written: string, isInLog: (text: string) => boolean): AddressJudgement {
  let text = written.replaceAll(DISGUISED, '.').replaceAll(DISGUISED_COLON, ':');
  const foreign: string[] = [];
  for (const pattern of ADDRESSES) {
    text = text.replaceAll(pattern, (address) => {
      const kept = whatMayStay(address, isInLog);
      if (kept === null) foreign.push(address);
      return kept ?? '';
    });
  }
  for (const pattern of HOSTS) for (const [host] of text.matchAll(pattern)) if (!isInLog(host)) foreign.push(host);
  return foreign.length > 0 ? { kind: 'foreign', found: foreign } : { kind: 'fine', text };
}

function whatMayStay(address: string, isInLog: (text: string) => boolean): string | null {
  const bare = address.replace(/[.,;:!?]{1,5}$/u, '');
  const tail = address.slice(bare.length);
  if (NAMES_MODULES.test(bare) && isInLog(bare)) return address;
  const host = hostOf(bare);
  return host !== null && isInLog(host) ? `${host}${tail}` : null;
}

/** Null where there is none, or where it is not in plain letters. */
function hostOf(address: string): string | null {
  const scheme = /^([a-z][a-z0-9+.-]{0,20}):/iu.exec(address)?.[1]?.toLowerCase();
  const isPlain = scheme === undefined || PLAIN_SCHEMES.has(scheme) || /^[\w.-]{1,200}:\d/u.test(address);
  const whole = address.replace(/^[a-z][a-z0-9+.-]{0,20}:(?=\/)/iu, '').replace(/^[/\\]{0,4}/u, '');
  const [authority = ''] = whole.split(/[/\\?#]/u);
  if (!isPlain || authority.includes('@')) return null;
  const host = authority.replace(/:\d{1,5}$/u, '');
  return /^[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?$/iu.test(host) ? host : null;
}

const PLAIN_SCHEMES: ReadonlySet<string> = new Set([
  'http',
  'https',
  'git',
  'ssh',
  'ftp',
  'ws',
  'wss',
  'tcp',
  'postgres',
  'postgresql',
  'redis',
  'mysql',
  'mongodb',
  'amqp',
  'grpc',
  'docker',
  'oci',
  's3',
]);

/** Advice that sends a person to a host: also a host that the log names may be there to lure somebody. */
const SENDS =
  /\b(?:visit|open|browse|go to|head to|log ?in(?:to)?|sign ?in|sign ?up|register|click|navigate|upload|paste|submit|send|post|download|install)\b[^.!?;]{0,80}$/iu;

/** Whether a sentence of advice leads a person to an address. */
export function sendsSomewhere(advice: string): boolean {
  return [...HOSTS, ...ADDRESSES].some((pattern) =>
    Array.from(advice.matchAll(pattern)).some((match) => SENDS.test(advice.slice(0, match.index))),
  );
}
