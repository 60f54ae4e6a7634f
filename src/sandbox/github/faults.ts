import type { NextFunction, Request, Response } from 'express';

/** What goes wrong. `status` answers with GitHub's error body; rate limits carry GitHub's headers. */
export type FaultKind =
  | { kind: 'status'; status: number; message?: string }
  | { kind: 'primary-rate-limit'; resetInSeconds: number }
  | { kind: 'secondary-rate-limit'; retryAfterSeconds: number }
  | { kind: 'delay'; delayMs: number }
  /** Headers and half of the body, then the connection is cut. */
  | { kind: 'truncate' }
  /** The connection is cut before any answer. */
  | { kind: 'reset' };

/** Where and how often: `path` is matched against the path without the query. Default: any method, once. */
export type Fault = FaultKind & { method?: string; path: RegExp; times?: number };

export interface Faults {
  add(fault: Fault): void;
  clear(): void;
}

/** The faults and the middleware that makes them happen, for the API and for the log host alike. */
export function createFaults(): { faults: Faults; middleware: (q: Request, s: Response, n: NextFunction) => void } {
  const pending: { fault: Fault; left: number }[] = [];
  return {
    faults: {
      add: (fault) => void pending.push({ fault, left: fault.times ?? 1 }),
      clear: () => void pending.splice(0),
    },
    middleware(request, response, next) {
      const found = pending.find(
        ({ fault, left }) =>
          left > 0 && (fault.method ?? request.method) === request.method && fault.path.test(request.path),
      );
      if (!found) return next();
      found.left -= 1;
      happen(found.fault, response, next);
    },
  };
}

function happen(fault: Fault, response: Response, next: NextFunction): void {
  switch (fault.kind) {
    case 'status':
      response.status(fault.status).json({ message: fault.message ?? 'Server Error', status: String(fault.status) });
      return;
    case 'primary-rate-limit':
      limitPrimary(response, fault.resetInSeconds);
      return;
    case 'secondary-rate-limit':
      response.setHeader('retry-after', String(fault.retryAfterSeconds));
      response.status(403).json({
        message: 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
        documentation_url:
          'https://docs.github.com/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits',
      });
      return;
    case 'delay':
      setTimeout(next, fault.delayMs).unref();
      return;
    case 'truncate':
      truncate(response);
      next();
      return;
    case 'reset':
      response.socket?.destroy();
      return;
    default:
      fault satisfies never;
  }
}

function limitPrimary(response: Response, resetInSeconds: number): void {
  response.setHeader('x-ratelimit-limit', '5000');
  response.setHeader('x-ratelimit-remaining', '0');
  response.setHeader('x-ratelimit-used', '5000');
  response.setHeader('x-ratelimit-resource', 'core');
  response.setHeader('x-ratelimit-reset', String(Math.ceil(Date.now() / 1000) + resetInSeconds));
  response.status(403).json({
    message: 'API rate limit exceeded for installation.',
    documentation_url: 'https://docs.github.com/rest/overview/rate-limits-for-the-rest-api',
  });
}

/** Lets the real handler answer, but cuts the connection in the middle of the body. */
function truncate(response: Response): void {
  response.send = (body) => {
    const bytes = Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
    response.setHeader('content-length', String(bytes.length));
    response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.socket?.destroy());
    return response;
  };
}
