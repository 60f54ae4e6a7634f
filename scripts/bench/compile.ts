import { execFile } from 'node:child_process';
import { copyFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const root = path.resolve(import.meta.dirname, '..', '..');

/**
 * Compiles these files and all that they import into `folder`, and returns where the root of the checkout is in there. Memory is then
 * that of what ships, without a compiler in the process.
 */
export async function compile(folder: string, include: readonly string[]): Promise<string> {
  const config = path.join(folder, 'tsconfig.json');
  const outDir = path.join(folder, 'out');
  const compilerOptions = {
    rootDir: root,
    outDir,
    sourceMap: false,
    typeRoots: [path.join(root, 'node_modules/@types')],
  };
  const files = include.map((file) => path.join(root, file));
  await writeFile(
    config,
    JSON.stringify({ extends: path.join(root, 'tsconfig.json'), compilerOptions, include: files }),
  );
  await promisify(execFile)(process.execPath, [path.join(root, 'node_modules/typescript/bin/tsc'), '-p', config]);
  await copyFile(path.join(root, 'package.json'), path.join(folder, 'package.json'));
  await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'), 'junction');
  return outDir;
}
