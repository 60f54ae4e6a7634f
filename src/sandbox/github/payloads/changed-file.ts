import { createHash } from 'node:crypto';
import type { FileChange, Repository } from '../state.ts';
import type { Bases } from './bases.ts';

/** A file of a commit or of a pull request, as REST lists it. */
export function changedFilePayload(repository: Repository, sha: string, file: FileChange, { web, api }: Bases) {
  const { path, status = 'modified', previousPath, patch } = file;
  const name = path.split('/').map(encodeURIComponent).join('/');
  return {
    sha: createHash('sha1').update(`${sha} ${path}`).digest('hex'),
    filename: path,
    status,
    ...countLines([file]),
    blob_url: `${web}/${repository.fullName}/blob/${sha}/${encodeURIComponent(path)}`,
    raw_url: `${web}/${repository.fullName}/raw/${sha}/${encodeURIComponent(path)}`,
    contents_url: `${api}/repos/${repository.fullName}/contents/${name}?ref=${sha}`,
    ...(patch === undefined ? {} : { patch }),
    ...(previousPath === undefined ? {} : { previous_filename: previousPath }),
  };
}

/** How many lines the patches add and take away. */
export function countLines(files: readonly FileChange[]): { additions: number; deletions: number; changes: number } {
  const lines = files.flatMap(({ patch = '' }) => patch.split('\n'));
  const additions = lines.filter((line) => line.startsWith('+')).length;
  const deletions = lines.filter((line) => line.startsWith('-')).length;
  return { additions, deletions, changes: additions + deletions };
}

/** Paths by what happened to them, as a push names them: a renamed file was removed and added. */
export function pathsByFate(files: readonly FileChange[]): Record<'added' | 'removed' | 'modified', string[]> {
  const paths: ReturnType<typeof pathsByFate> = { added: [], removed: [], modified: [] };
  for (const { path, status = 'modified', previousPath } of files) {
    paths[status === 'renamed' ? 'added' : status].push(path);
    if (previousPath !== undefined) paths.removed.push(previousPath);
  }
  return paths;
}
