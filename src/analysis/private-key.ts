import { KEY_MATERIAL, keyMaterial, keyPlaceholder } from './redaction/private-key-block.ts';
import { hasMark, STRUCTURE } from './score.ts';

/** A mark without its end must not swallow the rest of the log: this many lines that cannot be part of a key end it. */
const PATIENCE = 3;
const BEGIN = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/u;
const END = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY/u;
const BODY =
  /[A-Za-z0-9+/=]{24}|^\W{0,20}$|^\W{0,20}[A-Za-z0-9+/]{1,76}={0,2}$|(?:Proc-Type|DEK-Info|Version|Comment): /u;

/** One private key over lines. */
export interface KeyBlock {
  /** What stands in place of each of its lines until a redactor gives them the key's mark. Final from the first call on. */
  text(): string;
  /** Whether what is still to come cannot change `text`. */
  isKnown(): boolean;
}

/** Follows PEM private keys over lines: tells of every line to which key it belongs, if any. One tracker per log. */
export function createKeyTracker(): (hits: readonly number[], text: string) => KeyBlock | null {
  let patience = 0;
  let block: OpenBlock | null = null;
  return (hits, text) => {
    const isEnd = hasMark(hits, STRUCTURE.keyEnd) && END.test(text);
    if (hasMark(hits, STRUCTURE.keyBegin) && BEGIN.test(text)) {
      block?.close();
      block = new OpenBlock();
      patience = PATIENCE;
    } else if (patience === 0) {
      if (!isEnd) return null;
      block = new OpenBlock();
    } else {
      patience = BODY.test(text) ? PATIENCE : patience - 1;
    }
    block?.add(text);
    if (isEnd) patience = 0;
    if (patience === 0) block?.close();
    return block;
  };
}

class OpenBlock implements KeyBlock {
  private material = '';
  private isOpen = true;
  private final: string | null = null;

  add(text: string): void {
    if (this.material.length < KEY_MATERIAL) this.material += keyMaterial(text);
  }

  close(): void {
    this.isOpen = false;
  }

  isKnown(): boolean {
    return !this.isOpen || this.material.length >= KEY_MATERIAL;
  }

  text(): string {
    this.final ??= keyPlaceholder(this.material);
    return this.final;
  }
}
