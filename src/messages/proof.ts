import type { Diagnosis, Facts, LogLine } from '../domain/diagnosis.ts';

/** What a test runner prints of the difference: the shortest proof there is. */
const DIFFERENCE = /^\s*(?:expected|received|actual|got|want|E\s{2,}|\+\s|-\s|assertion)/iu;
/** A rule, a title between two rules: structure, and no proof. */
const STRUCTURE = /^\s*(?:[=_*~#-]{3,}[^=_*~#]{0,80}[=_*~#-]{0,80}|[\W_]+)\s*$/u;
const CLOSING = /##\[error\]Process completed|exited with|^\s*(?:tests?|test suites|snapshots|time):/iu;

/** The lines of proof that say most, at most `max`, in the order of the log. The others stand in the thread. */
export function strongestLines({ evidence, facts }: Pick<Diagnosis, 'evidence' | 'facts'>, max: number): LogLine[] {
  const words = namedIn(facts);
  const ranked = evidence
    .map((line, order) => ({ line, order, weight: weigh(line.text, words) }))
    .toSorted((left, right) => right.weight - left.weight || left.order - right.order);
  return ranked
    .slice(0, max)
    .toSorted((left, right) => left.order - right.order)
    .map(({ line }) => line);
}

interface Named {
  messages: string[];
  names: string[];
}

/** What the facts name; a line that says the same is what they were read from. */
function namedIn({ failingTests, problems }: Facts): Named {
  const messages = [...problems, ...failingTests].flatMap(({ message }) => message ?? []);
  const names = failingTests.map(({ name }) => name.split(' › ').at(-1) ?? name);
  return { messages: messages.map((message) => message.slice(0, 60)), names };
}

function weigh(text: string, { messages, names }: Named): number {
  if (STRUCTURE.test(text)) return 0;
  if (CLOSING.test(text)) return 1;
  if (messages.some((message) => text.includes(message))) return 5;
  if (DIFFERENCE.test(text)) return 4;
  return names.some((name) => text.includes(name)) ? 3 : 2;
}
