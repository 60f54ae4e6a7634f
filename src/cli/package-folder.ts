import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

/** Of the package this file belongs to: the checkout, or the image's. */
export function packageFolder(): string {
  const folders = [2, 3, 4].map((up) => path.join(import.meta.dirname, ...Array<string>(up).fill('..')));
  return folders.find((folder) => existsSync(path.join(folder, 'package.json'))) ?? import.meta.dirname;
}

export function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(path.join(packageFolder(), 'package.json'), 'utf8'));
  return z.object({ version: z.string() }).parse(manifest).version;
}
