import type { Facts } from '../domain/diagnosis.ts';
import type { Signals } from '../domain/digest.ts';
import type { Conclusion } from '../domain/run.ts';
import type { FactLine } from './facts/format.ts';

export const NO_SIGNALS: Signals = {
  cancelled: null,
  superseded: null,
  timeout: null,
  infrastructure: null,
  configuration: null,
};

type Sign = readonly [literals: readonly string[], sentence: string];

/** The machine went away; the cancelling that the log ends with is its consequence. */
export const RUNNER_LOST = 'The runner was lost while it worked';

const CANCELLED: readonly Sign[] = [
  [['the strategy configuration was cancel'], 'GitHub stopped the job because another cell of its matrix failed'],
  [['the operation was cancel', 'the run was cancel', 'the job was cancel'], 'The log says that the run was cancelled'],
];
const SUPERSEDED: readonly Sign[] = [
  [['canceling since a higher priority waiting request'], 'A newer run of the same concurrency group took its place'],
];
const TIMEOUT: readonly Sign[] = [
  [
    ['exceeded the maximum execution time', 'exceeded the maximum time limit', 'execution took longer than'],
    'The job ran into its time limit',
  ],
  [
    ['no output has been received in the last', 'too long with no output', 'no output timeout'],
    'The job went silent and was stopped',
  ],
  [
    ['has timed out after', 'ran longer than the maximum time', 'build timed out (after'],
    'A step ran into its time limit',
  ],
];
/** Beyond doubt: the code has no part in these. */
const INFRASTRUCTURE: readonly Sign[] = [
  [['no space left on device', 'enospc'], 'The disk of the runner is full'],
  [
    [
      'the runner has received a shutdown signal',
      'lost communication with the server',
      'the self-hosted runner lost',
      'channelclosedexception',
      'channel$orderlyshutdown',
    ],
    RUNNER_LOST,
  ],
  [
    ['runner system failure', '(system failure)', 'hosted runner encountered an error', 'no runner matching'],
    'The CI system could not run the job',
  ],
  [
    ['toomanyrequests', 'too many requests', 'rate limit exceeded', 'api rate limit', 'hit your pull rate limit'],
    'A service refused because of its rate limit',
  ],
  [
    ['could not resolve host', 'temporary failure in name resolution', 'temporary failure resolving', 'eai_again'],
    'A host name could not be resolved',
  ],
  [
    ['failed to pull image', 'error pulling image', 'error pushing image', 'image pull failed', 'errimagepull'],
    'A container image could not be moved between the registry and the runner',
  ],
  [
    ["inrelease' is not signed", 'hash sum mismatch', 'failed to fetch some objects from', 'ssl certificate problem'],
    'A server that the job needs answers, but not with what it should',
  ],
  [
    ['git rev-list --stdin --objects', 'is corrupt (stored in', 'object file .git/'],
    'The copy of the repository on the runner is damaged',
  ],
  [['tls handshake timeout', 'network is unreachable', 'no route to host', 'dial tcp '], 'The network failed'],
  [
    ['smudge filter lfs failed', 'batch response: '],
    'The Git server could not deliver files from its large file storage',
  ],
  [
    ['context=artifacts-uploader error=', 'context=artifacts-downloader error='],
    'The CI system could not move the artifacts',
  ],
  [
    [
      '502 bad gateway',
      '503 service',
      '504 gateway',
      'service unavailable',
      'bad gateway',
      'gateway time-out',
      'returned error: 503',
      'returned error: 502',
      'returned error: 500',
      'returned error: 504',
    ],
    'A service that the job needs did not answer properly',
  ],
  [['early eof', 'rpc failed', 'remote end hung up unexpectedly'], 'The connection to the Git server broke'],
  [
    [
      'failed to download action',
      'failed to download archive',
      'unable to download artifact',
      'an action could not be found at the uri',
    ],
    'GitHub could not deliver a download',
  ],
];
/** These also happen because of the code, so they only count where no test or compiler complains. */
const LIKELY_INFRASTRUCTURE: readonly Sign[] = [
  [
    [
      'out of memory',
      'cannot allocate memory',
      'oomkilled',
      'oom-kill',
      'killed: 9',
      'killed signal terminated program',
      'signal: 9, sigkill',
      'java heap space',
      'allocation failed - javascript heap',
    ],
    'The job ran out of memory',
  ],
  [
    [
      'connection timed out',
      'connection reset',
      'etimedout',
      'econnreset',
      'connection refused',
      'socket hang up',
      'read timed out',
      'operation timed out',
      'empty reply from server',
      'error sending request',
      'client error (connect)',
      'spurious network error',
      'failed to establish a new connection',
    ],
    'A connection failed',
  ],
  [['interrupted by sigsegv', 'interrupted by sigbus'], 'The compiler itself crashed'],
  [
    ['(os error 5)', '(os error 32)', 'input/output error', 'resource temporarily unavailable', 'too many open files'],
    'The operating system refused an operation on a file or pipe',
  ],
];
const CONFIGURATION: readonly Sign[] = [
  [
    ['unable to resolve action', "can't find 'action.yml'", 'unable to find version'],
    'The workflow uses an action that cannot be found',
  ],
  [['artifact not found for name'], 'No earlier job has uploaded an artifact that the job asks for'],
  [['invalid workflow file', 'workflow is not valid', 'unrecognized named-value'], 'The workflow file is not valid'],
  [
    ['resource not accessible by integration', 'resource not accessible by personal access token'],
    'The token of the workflow may not do this',
  ],
  [
    ['input required and not supplied', 'parameter token or opts.auth is required'],
    'The workflow does not pass a value that a step needs',
  ],
  [
    [
      'bad credentials',
      'could not read username for',
      'no basic auth credentials',
      'unable to load credentials',
      'credentials could not be loaded',
    ],
    'Credentials are missing or refused',
  ],
];

/** Checks of content that name servers, hosts and time-outs as their findings: links that are dead, packages that are unsafe. */
const FINDINGS =
  /\b[1-9]\d{0,4} .{0,30}vulnerabilit(?:y|ies) found|^> Links$|^\s{0,6}\d{1,4}\. \[L\d{1,6}\]|\[✖\] |HTML-?Proofer found|\b(?:dead|broken) links?\b/u;

/**
 * Reads the signs from lines that weigh something; a word in passing is no sign. What may also be the doing of the code counts
 * only in the evidence. A job that GitHub calls failed was not cancelled, whatever its log says at the end.
 */
export function findSignals({
  excerpt,
  evidence,
  facts,
  conclusion,
}: {
  excerpt: readonly FactLine[];
  evidence: readonly FactLine[];
  facts: Facts;
  conclusion: Conclusion | null;
}): Signals {
  const [shown, proven] = [textsOf(excerpt), textsOf(evidence)];
  const isCodeAtFault =
    facts.failingTests.length > 0 || facts.problems.length > 0 || excerpt.some(({ line }) => FINDINGS.test(line.text));
  return {
    cancelled: conclusion === 'failure' ? null : find(CANCELLED, shown),
    superseded: find(SUPERSEDED, shown),
    timeout: find(TIMEOUT, shown),
    infrastructure: isCodeAtFault
      ? null
      : (find(INFRASTRUCTURE, shown) ?? find(LIKELY_INFRASTRUCTURE, proven) ?? killedBy(facts.exitCode)),
    configuration: isCodeAtFault ? null : find(CONFIGURATION, shown),
  };
}

/** Shells report a signal as 128 and its number. */
function killedBy(exitCode: number | null): string | null {
  if (exitCode === 137) return 'The process was killed from outside, as happens when memory runs out';
  return exitCode === 143 ? 'The process was told from outside to stop' : null;
}

function textsOf(lines: readonly FactLine[]): string[] {
  return lines.filter(({ candidate }) => candidate.own >= 2.5).map(({ line }) => line.text.toLowerCase());
}

function find(signs: readonly Sign[], texts: readonly string[]): string | null {
  return (
    signs.find(([literals]) => texts.some((text) => literals.some((literal) => text.includes(literal))))?.[1] ?? null
  );
}
