import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { RUNTIME } from './services.ts';

const run = promisify(execFile);

/**
 * The root folder of a Debian package unpacked with the libraries that this machine lacks, fetched once into .runtime
 * without installing anything; null where there is no Debian, or no mirror answers.
 */
export async function fetchDebianPackage(name: string): Promise<string | null> {
  const folder = path.join(RUNTIME, 'debian', name);
  if (existsSync(folder)) return folder;
  if (!existsSync('/usr/bin/apt-get') || !existsSync('/usr/bin/dpkg')) return null;
  const draft = `${folder}.${process.pid}`;
  mkdirSync(draft, { recursive: true });
  try {
    await download(await packagesFor(name), draft).catch(async () => {
      await run('apt-get', ['update', '-qq']); // old lists name files that the mirror has replaced
      await download(await packagesFor(name), draft);
    });
    renameSync(draft, folder);
    return folder;
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (existsSync(folder)) return folder;
    process.stderr.write(`Could not fetch the Debian package ${name}: ${String(error)}\n`);
    return null;
  }
}

async function packagesFor(name: string): Promise<string[]> {
  const needed = await dependencies(name).catch(async () => {
    await run('apt-get', ['update', '-qq']); // a fresh container has no lists
    return await dependencies(name);
  });
  const { stdout } = await run('dpkg-query', ['-W', '-f', '${Package} ${db:Status-Status}\n'], { maxBuffer: 1 << 26 });
  const installed = new Set(
    stdout.split('\n').flatMap((row) => (row.endsWith(' installed') ? [row.split(' ')[0] ?? ''] : [])),
  );
  // LLVM is only for the just-in-time compiler, and is larger than all the rest.
  const libraries = needed.filter((each) => each.startsWith('lib') && !each.startsWith('libllvm'));
  return [name, ...libraries.filter((each) => !installed.has(each))];
}

async function dependencies(name: string): Promise<string[]> {
  const skip = ['recommends', 'suggests', 'conflicts', 'breaks', 'replaces', 'enhances'].map((kind) => `--no-${kind}`);
  const { stdout } = await run('apt-cache', ['depends', '--recurse', ...skip, name], { maxBuffer: 1 << 26 });
  const names = stdout.split('\n').filter((row) => /^[a-z0-9]/u.test(row));
  if (names.length < 2) throw new Error(`apt knows no package ${name}`);
  return names;
}

async function download(packages: string[], folder: string): Promise<void> {
  await run('apt-get', ['download', '-qq', ...packages], { cwd: folder });
  for (const file of readdirSync(folder).filter((each) => each.endsWith('.deb'))) {
    await run('dpkg', ['-x', path.join(folder, file), folder]);
    rmSync(path.join(folder, file));
  }
}

/** Where the unpacked packages keep their shared libraries. */
export function libraryFolders(root: string): string[] {
  const bases = ['lib', 'usr/lib'].map((base) => path.join(root, base)).filter((base) => existsSync(base));
  const nested = bases.flatMap((base) =>
    readdirSync(base)
      .filter((each) => each.includes('-linux-'))
      .map((each) => path.join(base, each)),
  );
  return [...nested, ...bases];
}
