import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

/** One log with its reference answer. */
export type EvaluationRecord = z.infer<typeof EvaluationRecord> & { readonly source: string };
const EvaluationRecord = z
  .object({
    /** Becomes the path of a file, so it may not climb out of its folder. */
    id: z.string().regex(/^(?!\/)(?!.*(?:^|\/)\.{1,2}(?:\/|$))[^\\\0]{1,400}$/u),
    log_path: z.string(),
    pass_log_path: z.string().nullish(),
    kind: z.string(),
    ci: z.string().default(''),
    project: z.string().nullish(),
    category: z.string().nullish(),
    expected_lines: z.array(z.string()).nullish(),
    expected_intervals: z.array(z.tuple([z.number(), z.number()])).nullish(),
    context_lines: z.array(z.string()).nullish(),
    expected_tests: z.array(z.object({ tokens: z.array(z.string()) })).nullish(),
  })
  .transform((raw) => ({
    id: raw.id,
    logPath: raw.log_path,
    /** A log of the same job in which all went well. */
    passLogPath: raw.pass_log_path ?? null,
    kind: raw.kind,
    ci: raw.ci,
    project: raw.project ?? raw.id,
    category: raw.category ?? null,
    expectedLines: raw.expected_lines ?? [],
    /** Where the expected lines stand, first and last line; empty where the reference does not say. */
    expectedIntervals: raw.expected_intervals ?? [],
    contextLines: raw.context_lines ?? [],
    expectedTests: (raw.expected_tests ?? []).map(({ tokens }) => tokens),
  }));

/** The data folder cannot be used; the message is a sentence for the person who named it. */
export class EvaluationDataError extends Error {}

/** Reads `FOLDER/*` + `/data.jsonl`, folders by name. Rejects with EvaluationDataError. */
export async function readRecords(folder: string): Promise<EvaluationRecord[]> {
  const names = await readdir(folder).catch(() => {
    throw new EvaluationDataError(`${folder} is not a folder that can be read.`);
  });
  const records: EvaluationRecord[] = [];
  for (const source of names.toSorted()) {
    const file = path.join(folder, source, 'data.jsonl');
    if (!existsSync(file)) continue;
    const lines = (await readFile(file, 'utf8')).split('\n');
    for (const [index, line] of lines.entries()) {
      if (line.trim() !== '') records.push({ ...parseRecord(line, `${file}, line ${index + 1}`), source });
    }
  }
  if (records.length === 0) throw new EvaluationDataError(`${folder} holds no */data.jsonl with records.`);
  return records;
}

function parseRecord(line: string, place: string): z.infer<typeof EvaluationRecord> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new EvaluationDataError(`${place} is not JSON.`);
  }
  const parsed = EvaluationRecord.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new EvaluationDataError(`${place} is no record: ${parsed.error.issues[0]?.path.join('.') ?? ''} does not fit.`);
}
