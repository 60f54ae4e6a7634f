import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { AppError } from '../errors.ts';

/** A secret cannot be read back: it was encrypted with another key, or it was tampered with. */
export class UnreadableSecretError extends AppError {
  readonly code = 'db.unreadable_secret';
  readonly retryable = false;
}

/** What is stored of a secret. */
export interface Sealed {
  keyId: string;
  bytes: Buffer;
}

/** Encrypts secrets; `owner` is bound to each, so that a secret moved to another owner's row cannot be opened. */
export interface Vault {
  seal(plain: string, owner: string): Sealed;
  /** Throws UnreadableSecretError. */
  open(sealed: Sealed, owner: string): string;
}

const CIPHER = 'aes-256-gcm';
// NIST SP 800-38D: a nonce of 96 bits, a tag of 128. Random nonces are safe below 2^32 secrets under one key.
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A vault with one key of 32 bytes. */
export function createVault(key: Buffer): Vault {
  const keyId = createHash('sha256').update('cortex-key-id').update(key).digest('hex').slice(0, 16);
  return {
    seal(plain, owner) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(owner));
      const text = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return { keyId, bytes: Buffer.concat([nonce, cipher.getAuthTag(), text]) };
    },
    open({ keyId: usedKeyId, bytes }, owner) {
      if (usedKeyId !== keyId) {
        throw new UnreadableSecretError('A stored secret was encrypted with another key than TOKEN_ENCRYPTION_KEY');
      }
      try {
        return decipher(key, bytes, owner);
      } catch (error) {
        throw new UnreadableSecretError('A stored secret does not belong to its row, or was changed', { cause: error });
      }
    },
  };
}

function decipher(key: Buffer, bytes: Buffer, owner: string): string {
  const nonce = bytes.subarray(0, NONCE_BYTES);
  const tag = bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
  const opened = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(owner))
    .setAuthTag(tag);
  return Buffer.concat([opened.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), opened.final()]).toString('utf8');
}
