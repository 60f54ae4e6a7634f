import { createHash, randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { z } from 'zod';

/** What goes over the wire; the body is good until the next one is made of the same sheet. */
export interface SignedDelivery {
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

/** Makes one delivery after the other in the same memory, so that the loader spends its time on sending. */
export type Sheet = () => SignedDelivery;

export const DELIVERY_BYTES = 25_000;
/** Of as many digits as the last one, so that no body is longer than another. */
const FIRST_RUN_ID = 100_000_000_000;
const BLOCK_BYTES = 64;
const WORDS = ['the', 'build', 'of', 'checkout', 'fails', 'since', 'a', 'change', 'to', 'its', 'lock', 'file', 'and'];

const Definitions = z.array(z.object({ name: z.string(), examples: z.array(z.looseObject({})) }));
const WorkflowRun = z.looseObject({ action: z.literal('completed'), workflow_run: z.looseObject({ id: z.number() }) });

/**
 * Signed `workflow_run` deliveries of 25 KB, each with a run, a delivery id and a signature of its own: what was stored before would
 * be a repeat. The run's id comes last in the body, so that all but its end is hashed once for all of them.
 */
export function createDeliveries(secret: string): { sheet(): Sheet } {
  const text = writeBody(readExample());
  const idAt = text.lastIndexOf(String(FIRST_RUN_ID));
  const template = Buffer.from(text);
  const sign = createSigner(secret, template.subarray(0, idAt));
  let runId = FIRST_RUN_ID;
  return {
    sheet() {
      const body = Buffer.from(template);
      return () => {
        runId += 1;
        body.write(String(runId), idAt, 'latin1');
        return { headers: headersFor(sign(body.subarray(idAt))), body };
      };
    },
  };
}

function headersFor(signature: string): Record<string, string> {
  return {
    'content-type': 'application/json',
    'user-agent': 'GitHub-Hookshot/bench',
    'x-github-event': 'workflow_run',
    'x-github-delivery': randomUUID(),
    'x-hub-signature-256': signature,
  };
}

function readExample(): z.infer<typeof WorkflowRun> {
  const file = createRequire(import.meta.url)('@octokit/webhooks-examples/api.github.com/index.json');
  const { examples = [] } = Definitions.parse(file).find(({ name }) => name === 'workflow_run') ?? {};
  const found = examples.map((example) => WorkflowRun.safeParse(example).data).find((data) => data !== undefined);
  if (found === undefined) throw new Error('There is no example of a workflow run that completed');
  return found;
}

/** An App's delivery names its installation, which the examples of hooks do not. A long commit message makes up the length. */
function writeBody({ workflow_run: run, ...rest }: z.infer<typeof WorkflowRun>): string {
  const { id: _, ...fields } = run;
  const write = (message: string): string =>
    JSON.stringify({
      ...rest,
      installation: { id: 51_423, node_id: 'MDIzOkludGVncmF0aW9uSW5zdGFsbGF0aW9uNTE0MjM=' },
      workflow_run: { ...fields, head_commit: { message }, id: FIRST_RUN_ID },
    });
  const missing = DELIVERY_BYTES - Buffer.byteLength(write(''));
  const words = Array.from({ length: missing }, (_, at) => WORDS[(at * at + (at >> 3)) % WORDS.length]).join(' ');
  return write(words.slice(0, missing));
}

/** HMAC-SHA256 (RFC 2104) of `head` and what is given, with the work on `head` done once. */
function createSigner(secret: string, head: Buffer): (tail: Buffer) => string {
  const key = Buffer.alloc(BLOCK_BYTES);
  if (key.write(secret) < Buffer.byteLength(secret)) throw new RangeError('The secret is longer than a block');
  const [inner, outer] = [0x36, 0x5c].map((pad) => createHash('sha256').update(key.map((byte) => byte ^ pad)));
  if (inner === undefined || outer === undefined) throw new Error('unreachable: there are two pads');
  inner.update(head);
  return (tail) => {
    const digest = inner.copy().update(tail).digest();
    return `sha256=${outer.copy().update(digest).digest('hex')}`;
  };
}
