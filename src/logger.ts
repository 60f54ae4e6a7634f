import { Writable } from 'node:stream';
import winston from 'winston';
import type { Log } from './domain/ports.ts';

/** Keys whose values never reach a log line, wherever they stand in a record. Compared without case, `_` and `-`. */
export const REDACTED_KEYS: readonly string[] = [
  'apikey',
  'authorization',
  'body',
  'clientsecret',
  'connectkey',
  'cookie',
  'credentials',
  'encryptionkey',
  'excerpt',
  'installation',
  'key',
  'password',
  'payload',
  'privatekey',
  'prompt',
  'refreshtoken',
  'responseurl',
  'secret',
  'setcookie',
  'signature',
  'signingsecret',
  'statesecret',
  'token',
  'triggerid',
  'verificationtoken',
];

/** Takes secrets out of a sentence, such as the error message of a library. */
export type RedactText = (text: string) => string;

const REDACTED = '[redacted]';
const MAX_TEXT = 2_000;
const MAX_DEPTH = 6;
const MAX_ITEMS = 50;

/**
 * One JSON line per record on standard output. Everything passes the redaction: keys by name, texts through `redact`; text
 * is cut at 2,000 characters, and control characters cannot start a new record because JSON escapes them.
 */
export function createLogger(options: {
  level: string;
  version: string;
  redact: RedactText;
  stream?: NodeJS.WritableStream;
}): Log {
  const logger = winston.createLogger({
    level: options.level,
    format: winston.format.combine(winston.format.timestamp(), winston.format.json()),
    transports: [new winston.transports.Stream({ stream: options.stream ?? gatherLines(process.stdout) })],
  });
  return wrap(logger, { version: options.version }, fieldRedaction(options.redact));
}

/**
 * Writes what one turn of the event loop has to say at once: under load, a write for each delivery is a large part of what it costs. What is
 * waiting at the end of the process is written then; a process that is killed loses the lines of its last turn.
 */
export function gatherLines(target: Pick<NodeJS.WritableStream, 'write'>): NodeJS.WritableStream {
  let waiting = '';
  const flush = (): void => {
    if (waiting === '') return;
    const lines = waiting;
    waiting = '';
    target.write(lines);
  };
  process.once('exit', flush);
  return new Writable({
    decodeStrings: false,
    write(line: unknown, _encoding, done) {
      if (waiting === '') setImmediate(flush);
      waiting += String(line);
      done();
    },
  });
}

type RedactFields = (fields: object) => Record<string, unknown>;

function wrap(logger: winston.Logger, context: Record<string, unknown>, redactFields: RedactFields): Log {
  const write =
    (level: string) =>
    (fields: object, sentence: string): void => {
      logger.log({ level, message: sentence, ...context, ...redactFields(fields) });
    };
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: (fields) => wrap(logger, { ...context, ...redactFields(fields) }, redactFields),
  };
}

/** The fields as they may be written down. `level` and `message` are the record's own, so fields of that name step aside. */
function fieldRedaction(redact: RedactText): RedactFields {
  const redactText: RedactText = (text) =>
    redact(text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)} … ${text.length - MAX_TEXT} more characters` : text);

  const redactValue = (key: string, value: unknown, depth: number): unknown => {
    if (REDACTED_KEYS.includes(key.toLowerCase().replaceAll(/[_-]/gu, ''))) return REDACTED;
    if (typeof value === 'string') return redactText(value);
    if (typeof value === 'bigint') return value.toString();
    if (typeof value !== 'object' || value === null) return value;
    if (depth >= MAX_DEPTH) return '[deeper]';
    if (value instanceof Date) return value.toISOString();
    if (value instanceof Error) return redactError(value, depth);
    if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
    if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map((item) => redactValue('', item, depth + 1));
    return Object.fromEntries(
      Object.entries(value)
        .slice(0, MAX_ITEMS)
        .map(([name, item]) => [name, redactValue(name, item, depth + 1)]),
    );
  };

  /** Name, code, id, sentence, stack and cause; a library's error may carry the whole request, so nothing else. */
  const redactError = (error: Error, depth: number): Record<string, unknown> => {
    const code = 'code' in error ? error.code : undefined;
    const id = 'id' in error ? error.id : undefined;
    return {
      name: error.name,
      ...(typeof code === 'string' ? { code } : {}),
      ...(typeof id === 'string' ? { id } : {}),
      message: redactText(error.message),
      stack: redactText(framesOf(error)),
      ...(error.cause === undefined ? {} : { cause: redactValue('cause', error.cause, depth + 1) }),
    };
  };

  return (fields) =>
    Object.fromEntries(
      Object.entries(fields).map(([key, value]) => [
        key === 'level' || key === 'message' ? `${key}Field` : key,
        redactValue(key, value, 0),
      ]),
    );
}

/** Only the lines that name a place in the code: the rest of a stack repeats the message. */
function framesOf(error: Error): string {
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /u.test(line));
  return frames.slice(0, 12).join('\n');
}
