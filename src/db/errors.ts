import { types } from 'node:util';
import { AppError, DatabaseUnavailableError } from '../errors.ts';

/** What the network says when the server is not there, or went away under us. */
const NETWORK_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'EPIPE',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'EAI_AGAIN',
]);

/**
 * Classes and codes of PostgreSQL, appendix A "Error Codes", which say nothing about what was asked: connection (08), lack of
 * resources (53), operator intervention such as a shutdown or a cancelled statement (57), lock not available (55P03),
 * deadlock and serialization (40), read-only server after a failover (25006), I/O (58).
 */
const SERVER_CODES = /^(?:08|53|57|58|40)|^(?:55P03|25006)$/u;

/** Errors of the drivers that carry no code. */
const DRIVER_SENTENCES =
  /connection terminated|timeout exceeded when trying to connect|connection error and is not queryable|client was closed|PGlite is clos/iu;

/** A foreign failure as ours: a database that is away becomes DatabaseUnavailableError, a bug stays what it is. */
export function translateError(error: unknown): unknown {
  if (error instanceof AppError) return error;
  const cause = withoutValues(error);
  return isUnavailable(error) ? new DatabaseUnavailableError('The database did not answer', { cause }) : cause;
}

/** Why a server cannot be used, in words that say what to look at; the address is told without its password. */
export function connectError(error: unknown, url: string): DatabaseUnavailableError {
  const { host, pathname, username } = new URL(url);
  const code = systemCode(error) ?? '';
  const known: Record<string, string> = {
    '28P01': `The database at ${host} refuses the password of the user "${username}".`,
    '28000': `The database at ${host} does not let the user "${username}" in.`,
    '3D000': `The server at ${host} has no database "${decodeURIComponent(pathname.slice(1))}".`,
    ENOTFOUND: `The name of the database's server, ${host}, cannot be resolved.`,
    EAI_AGAIN: `The name of the database's server, ${host}, cannot be resolved.`,
    ECONNREFUSED: `No database listens at ${host}.`,
  };
  const sentence = known[code] ?? `The database at ${host} did not answer, or cannot be used.`;
  return new DatabaseUnavailableError(`${sentence} See DATABASE_URL.`, { cause: withoutValues(error) });
}

/**
 * A driver's error without the values that it carries in its detail, parameters and statement: they are bodies, tokens and
 * people's words, and errors are logged. Other errors stay as they are.
 */
export function withoutValues(error: unknown): unknown {
  const code = systemCode(error);
  if (code === null || !types.isNativeError(error)) return error;
  // PostgreSQL quotes values behind a colon or in the detail: `invalid input syntax for type uuid: "…"`.
  const sentence = error.message.split(/\n|: | - detail/u)[0] ?? '';
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /u.test(line));
  const plain = Object.assign(new Error(`${sentence} (${code})`), { code });
  plain.stack = [`${error.name}: ${plain.message}`, ...frames].join('\n');
  return plain;
}

function isUnavailable(error: unknown): boolean {
  if (!types.isNativeError(error)) return false;
  const code = systemCode(error) ?? '';
  if (NETWORK_CODES.has(code) || SERVER_CODES.test(code) || DRIVER_SENTENCES.test(error.message)) return true;
  return isUnavailable(error.cause);
}

/** The same store, whose methods throw translated errors. */
export function withTranslatedErrors<Store extends object>(store: Store): Store {
  return new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return async (...parameters: unknown[]): Promise<unknown> => {
        try {
          return await Reflect.apply(member, target, parameters);
        } catch (error) {
          throw translateError(error);
        }
      };
    },
  });
}

/** The code of a failed system call, such as `ENOENT`. */
export function systemCode(error: unknown): string | null {
  return types.isNativeError(error) && 'code' in error && typeof error.code === 'string' ? error.code : null;
}
