import { createHmac, timingSafeEqual } from 'node:crypto';
import type { SignatureCheck, WebhookVerifier } from '../domain/ports.ts';
import type { GitHubServer } from './servers.ts';

/** As much of a server as tells its deliveries from others. */
type Sender = Pick<GitHubServer, 'number' | 'host' | 'webUrl'> & { app: Pick<GitHubServer['app'], 'webhookSecrets'> };

/** The one form that counts; GitHub's older `X-Hub-Signature` (SHA-1) is never looked at. */
const SIGNATURE = /^sha256=[0-9a-f]{64}$/u;
const NO_SIGNATURE = `sha256=${'0'.repeat(64)}`;

/**
 * Checks `X-Hub-Signature-256` against every secret of every server: the current one and, during a rotation, the one before. Which secret
 * it was says which server sent it, since nothing else about a delivery is signed that names one. Without a secret nothing matches.
 */
export function createWebhookVerifier({ all }: { all: () => readonly Sender[] }): WebhookVerifier {
  return {
    open: () => openCheck(all().flatMap((server) => server.app.webhookSecrets.map((secret) => ({ secret, server })))),
  };
}

function openCheck(known: ReadonlyArray<{ secret: string; server: Sender }>): SignatureCheck {
  const sums = known
    .filter(({ secret }) => secret !== '')
    .map(({ secret, server }) => ({ server, sum: createHmac('sha256', secret) }));
  return {
    update(chunk) {
      for (const { sum } of sums) sum.update(chunk);
    },
    signedBy(header, host) {
      const isWellFormed = header !== undefined && SIGNATURE.test(header);
      // A malformed header takes the same way as a wrong one, and no secret's comparison is left out, so that time tells nothing.
      const given = Buffer.from((isWellFormed ? header : NO_SIGNATURE).slice('sha256='.length), 'hex');
      const signers = sums.filter(({ sum }) => timingSafeEqual(sum.digest(), given)).map(({ server }) => server);
      if (!isWellFormed) return null;
      const [first, second] = signers;
      // Only where servers share a secret does the header, which nobody signed, choose between them.
      const named = second && signers.find(({ webUrl }) => new URL(webUrl).host === host);
      const signer = named ?? first;
      return signer === undefined ? null : { number: signer.number, host: signer.host };
    },
  };
}
