import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..', '..');

export interface FoundPattern {
  /** `src/analysis/clean.ts:6` */
  readonly place: string;
  readonly pattern: RegExp;
}

/**
 * Every regular expression literal in the sources that match `files`, read from their text: a pattern is found whether or not its module
 * exports it, and a new one needs no list to be looked after.
 */
export function findPatterns(files: string): FoundPattern[] {
  return globSync(files, { cwd: root })
    .sort()
    .flatMap((file) => patternsOf(file, readFileSync(path.join(root, file), 'utf8')));
}

/** What may stand right before a pattern; behind anything else a slash divides. */
const BEFORE = /(?:^|[(,=:[!&|?{};]|\breturn|=>)\s*$/u;
const SKIPPED = [
  /String\.raw`[^`]*`/uy,
  /\/\/[^\n]*/uy,
  /\/\*[\s\S]*?\*\//uy,
  /'(?:[^'\\\n]|\\.)*'/uy,
  /"(?:[^"\\\n]|\\.)*"/uy,
];
const LITERAL = /\/((?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)\/([dgimsuvy]*)/uy;

function patternsOf(file: string, source: string): FoundPattern[] {
  const found: FoundPattern[] = [];
  for (let at = 0; at < source.length;) {
    const skipped = SKIPPED.map((kind) => matchAt(kind, source, at)).find((match) => match !== null);
    const literal =
      skipped === undefined && BEFORE.test(source.slice(Math.max(0, at - 40), at))
        ? matchAt(LITERAL, source, at)
        : null;
    if (literal !== null) {
      const [, body = '', flags = ''] = literal;
      const line = source.slice(0, at).split('\n').length;
      found.push({ place: `${file}:${line}`, pattern: new RegExp(body, flags) });
    }
    at += (skipped ?? literal)?.[0].length ?? 1;
  }
  return found;
}

function matchAt(kind: RegExp, source: string, at: number): RegExpExecArray | null {
  kind.lastIndex = at;
  return kind.exec(source);
}
