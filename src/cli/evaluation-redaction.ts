import { createReadStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Redaction } from '../analysis/redact.ts';
import type { EvaluationRecord } from './evaluation-records.ts';
import { unpack } from './unpack.ts';
import { marksIn, redactLog } from './redact.ts';

/** How often something of one kind was taken out, how many different things that were, and of how many logs. */
interface KindCount {
  count: number;
  readonly marks: Set<string>;
  readonly logs: Set<string>;
}

export interface RedactionMeasure {
  /** Redacts a whole log and writes each line that changed, before and after, to `out`. */
  add(record: EvaluationRecord): Promise<void>;
  table(): string;
}

/** Shows what redaction does to whole logs, so that a person can judge every kind of change. */
export function createRedactionMeasure({
  data,
  out,
  redaction,
  signal,
}: {
  data: string;
  out: string;
  redaction: Redaction;
  signal: AbortSignal;
}): RedactionMeasure {
  const kinds = new Map<string, KindCount>();
  const total = { lines: 0, changed: 0 };
  const note = (marks: ReturnType<typeof marksIn>, id: string): void => {
    for (const [kind, mark] of marks) {
      const entry = kinds.get(kind) ?? { count: 0, marks: new Set(), logs: new Set() };
      kinds.set(kind, entry);
      entry.count += 1;
      entry.marks.add(mark);
      entry.logs.add(id);
    }
  };
  return {
    async add({ id, logPath }) {
      const changes: string[] = [];
      const onLine = (after: string, before: string): void => {
        total.lines += 1;
        const marks = marksIn(after, before);
        if (marks.length === 0) return;
        total.changed += 1;
        note(marks, id);
        changes.push(`- ${before}\n+ ${after}\n`);
      };
      const stream = createReadStream(path.join(data, logPath));
      try {
        await redactLog(
          unpack(stream, () => {}),
          onLine,
          { ...redaction, signal },
        );
      } finally {
        stream.destroy();
      }
      const file = path.join(out, `${id}.txt`);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, changes.join(''));
    },
    table() {
      const rows = [...kinds]
        .toSorted(([, a], [, b]) => b.count - a.count)
        .map(([kind, { count, marks, logs }]) => [kind, count, marks.size, logs.size].map(String));
      const table = [['kind', 'count', 'different', 'logs'], ...rows];
      const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
      const lines = table.map((row) =>
        row
          .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
          .join('  '),
      );
      return `redaction: ${total.changed} of ${total.lines} lines changed\n${lines.join('\n')}\n`;
    },
  };
}
