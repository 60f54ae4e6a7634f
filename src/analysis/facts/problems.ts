import type { Problem } from '../../domain/diagnosis.ts';
import { shortPath } from '../paths.ts';
import type { FactMatch, PlainLine } from './match.ts';
import { clip, firstByName, toNumber } from './values.ts';

const MAX_PROBLEMS = 50;
/** A code that tells what is wrong belongs to the sentence; the name of a linter's rule does not. */
const CODE = /^[A-Z]{1,8}\d{2,6}$/u;

/** A step of a container build fails because of what its command says. */
const WRAPS = /^process ".{1,300}" did not complete successfully/u;

/** What compilers and linters complain about, each once, in log order. */
export function collectProblems(matches: readonly FactMatch[], lines: readonly PlainLine[]): Problem[] {
  const found = new Map<string, Problem>();
  for (const { kind, groups, index } of matches) {
    const file = groups['file'] ?? groups['document'];
    if (kind !== 'problem' || file === undefined) continue;
    const rule = groups['rule'] ?? null;
    const code = rule !== null && CODE.test(rule) ? `${rule}: ` : '';
    const said = clip(groups['message']);
    const message = said === '' ? clip(lines[index]?.text) : clip(`${code}${said}`);
    const place = { file: shortPath(file), line: toNumber(groups['row'] ?? groups['line']) };
    const key = `${place.file}:${place.line}:${message}`;
    if (!found.has(key)) {
      found.set(key, { ...place, column: toNumber(groups['column'] ?? groups['place']), message, rule });
    }
  }
  const causes = [...found.entries()].filter(([, { message }]) => !WRAPS.test(message));
  return firstByName(causes.length > 0 ? causes : [...found.entries()], ([key]) => key, MAX_PROBLEMS).map(
    ([, problem]) => problem,
  );
}
