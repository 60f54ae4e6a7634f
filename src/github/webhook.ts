import { createHmac, timingSafeEqual } from 'node:crypto';
import type { SignatureCheck, WebhookVerifier } from '../domain/ports.ts';

/** The one form that counts; GitHub's older `X-Hub-Signature` (SHA-1) is never looked at. */
const SIGNATURE = /^sha256=[0-9a-f]{64}$/u;
const NO_SIGNATURE = `sha256=${'0'.repeat(64)}`;

/**
 * Checks `X-Hub-Signature-256` against every secret given: the current one and, during a rotation, the one before.
 * Without a secret nothing matches.
 */
export function createWebhookVerifier(secrets: readonly string[]): WebhookVerifier {
  const usable = secrets.filter((secret) => secret !== '');
  return { open: () => openCheck(usable) };
}

function openCheck(secrets: readonly string[]): SignatureCheck {
  const sums = secrets.map((secret) => createHmac('sha256', secret));
  return {
    update(chunk) {
      for (const sum of sums) sum.update(chunk);
    },
    matches(header) {
      const isWellFormed = header !== undefined && SIGNATURE.test(header);
      // A malformed header takes the same way as a wrong one, and no secret's comparison is left out, so that time tells nothing.
      const given = Buffer.from((isWellFormed ? header : NO_SIGNATURE).slice('sha256='.length), 'hex');
      const matching = sums.map((sum) => timingSafeEqual(sum.digest(), given));
      return isWellFormed && matching.includes(true);
    },
  };
}
