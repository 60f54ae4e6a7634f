import { realpath } from 'node:fs/promises';
import path from 'node:path';

/** Whether a folder lies in `root`. The nearest folder that exists decides, so that a link cannot lead back in. */
export async function isWithin(folder: string, root: string): Promise<boolean> {
  const real = path.relative(await realpath(root), await realNearest(path.resolve(folder)));
  return real === '' || (real !== '..' && !real.startsWith(`..${path.sep}`) && !path.isAbsolute(real));
}

async function realNearest(folder: string): Promise<string> {
  const real = await realpath(folder).catch(() => null);
  if (real !== null || path.dirname(folder) === folder) return real ?? folder;
  return path.join(await realNearest(path.dirname(folder)), path.basename(folder));
}
