import { z } from 'zod';
import type { ChangedFile } from '../domain/reasoning.ts';

/** What a run's context may weigh, in characters; a model reads all of it, and somebody pays for that. */
export const CONTEXT_LIMITS = {
  message: 8_000,
  files: 100,
  path: 300,
  patch: 4_000,
  patches: 40_000,
  /** In bytes, since so much is read of the file and no more. */
  instructions: 8 * 1024,
} as const;

/** Text of several lines that other people wrote, without control characters (PostgreSQL takes no NUL). */
export function readText(text: string): string {
  return text.replaceAll(/[^\P{Cc}\n\t]/gu, '').toWellFormed();
}

/** Up to `max` characters; ends with a line, unless half of it would be lost by that. */
export function cutText(text: string, max: number): string {
  if (text.length <= max) return text;
  const lineEnd = text.lastIndexOf('\n', max);
  // A character outside of the basic plane is two units, of which the first alone is nothing.
  return text.slice(0, lineEnd > max / 2 ? lineEnd : max).replace(/[\uD800-\uDBFF]$/u, '');
}

/** A path that is cut or cleaned names another file, so one that does not fit is refused. */
export const Path = z
  .string()
  .min(1)
  .max(CONTEXT_LIMITS.path)
  .refine((path) => path.isWellFormed() && !/\p{Cc}/u.test(path));

const Count = z.number().int().nonnegative().catch(0);

/** A changed file as the commit's and the pull request's lists both show it. Large and binary ones come without a patch. */
const FileFields = z
  .object({
    filename: Path,
    status: z.enum(['added', 'modified', 'removed', 'renamed']).or(z.string().transform(() => 'other' as const)),
    additions: Count,
    deletions: Count,
    patch: z.string().nullish().catch(null),
  })
  .transform(({ filename: path, patch, ...file }): ChangedFile => ({
    path,
    ...file,
    patch: patch ? cutText(readText(patch), CONTEXT_LIMITS.patch) : null,
  }));

/** The first files of a list, within all limits. One that cannot be read is left out, not the others with it. */
export const FilesAnswer = z
  .array(z.unknown())
  .transform((files) =>
    shareRoom(files.slice(0, CONTEXT_LIMITS.files).flatMap((file) => FileFields.safeParse(file).data ?? [])),
  );

/** A commit with its files. */
export const CommitAnswer = z
  .object({ commit: z.object({ message: z.string() }), files: FilesAnswer.nullish() })
  .transform(({ commit, files }) => ({
    message: cutText(readText(commit.message), CONTEXT_LIMITS.message).trim() || null,
    files: files ?? [],
  }));

/** Cuts the longest patches to one length, so that each file keeps something of its own, wherever it stands in the list. */
function shareRoom(files: readonly ChangedFile[]): ChangedFile[] {
  const lengths = files.flatMap(({ patch }) => patch?.length ?? []).sort((a, b) => a - b);
  let left: number = CONTEXT_LIMITS.patches;
  let longest = 0;
  for (const [index, length] of lengths.entries()) {
    const share = Math.floor(left / (lengths.length - index));
    longest = Math.min(length, share);
    if (length > share) break;
    left -= length;
  }
  return files.map((file) => ({ ...file, patch: file.patch && (cutText(file.patch, longest) || null) }));
}
