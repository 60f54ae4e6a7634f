import type { IncomingMessage, ServerResponse } from 'node:http';
import type { z } from 'zod';
import type { Log } from '../domain/ports.ts';
import { AppError, errorId } from '../errors.ts';
import { type Page, sendPage } from './pages/page.ts';

export type PageRoute = (req: IncomingMessage, res: ServerResponse) => Promise<void>;

const URL_MAX = 4_096;

/** A page, whatever happens. Neither address nor body is ever logged: codes and tokens stand in them. */
export function answerWithPage(
  log: Log,
  failure: { sentence: string; page: (status: number, id: string) => Page },
  answer: (req: IncomingMessage) => Promise<Page>,
): PageRoute {
  return async (req, res) => {
    try {
      sendPage(res, await answer(req));
    } catch (error) {
      const id = error instanceof AppError ? error.id : errorId();
      log.error({ errorId: id, error }, failure.sentence);
      sendPage(res, failure.page(error instanceof AppError && error.retryable ? 503 : 500, id));
    }
  };
}

/** The query of an address; null where it does not fit. */
export function readQuery<Schema extends z.ZodType>(
  schema: Schema,
  { url = '' }: IncomingMessage,
): z.infer<Schema> | null {
  return url.length > URL_MAX ? null : readFields(schema, url.split('?', 2)[1] ?? '');
}

/** A field that comes twice can be read in two ways, so nothing is. */
export function readFields<Schema extends z.ZodType>(schema: Schema, encoded: string): z.infer<Schema> | null {
  const fields = new URLSearchParams(encoded);
  const names = [...fields.keys()];
  if (new Set(names).size !== names.length) return null;
  return schema.safeParse(Object.fromEntries(fields)).data ?? null;
}
