// Runs `node ARGS` on a machine that may have only an old Node and no installed packages.
// Plain JavaScript on built-ins, so that any Node from 18 on can start it. It installs what package-lock.json asks for when
// that changed, fetches Node 24 into .runtime/ when the system's is older, then hands over.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const NODE_MAJOR = 24;
const NODE_VERSION = '24.21.0';
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const windows = process.platform === 'win32';

function npm(args, cwd) {
  const { status, error } = spawnSync('npm', args, { cwd, stdio: ['ignore', 2, 2], shell: windows });
  if (error) throw error;
  if (status !== 0) {
    process.stderr.write(`npm ${args.join(' ')} failed with exit code ${status}. Nothing was started.\n`);
    process.exit(status ?? 1);
  }
}

function installPackages() {
  const lock = createHash('sha256')
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex');
  const stamp = path.join(root, 'node_modules', '.package-lock.sha256');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  process.stderr.write('Installing packages …\n');
  npm(['ci', '--no-audit', '--no-fund', '--loglevel=error'], root);
  writeFileSync(stamp, lock);
}

function findNode() {
  if (Number(process.versions.node.split('.')[0]) >= NODE_MAJOR) return process.execPath;
  const runtime = path.join(root, '.runtime', `node-${NODE_VERSION}`);
  const binary = path.join(runtime, 'node_modules', 'node', 'bin', windows ? 'node.exe' : 'node');
  if (!existsSync(binary)) {
    process.stderr.write(`Node ${process.versions.node} is too old; fetching Node ${NODE_VERSION} into .runtime/ …\n`);
    mkdirSync(runtime, { recursive: true });
    writeFileSync(path.join(runtime, 'package.json'), JSON.stringify({ private: true, allowScripts: { node: true } }));
    npm(['install', `node@${NODE_VERSION}`, '--no-audit', '--no-fund', '--loglevel=error'], runtime);
  }
  return binary;
}

installPackages();
const node = findNode();
// Our own spelling: Node says at every start that an optional file is not there, and old ones read their own flag even here.
const OPTIONAL_FILE = '--env-if-there=';
const args = process.argv.slice(2).flatMap((argument) => {
  if (!argument.startsWith(OPTIONAL_FILE)) return [argument];
  const file = argument.slice(OPTIONAL_FILE.length);
  return existsSync(path.resolve(file)) ? [`--env-file=${file}`] : [];
});
const child = spawn(node, args, {
  stdio: 'inherit',
  env: { ...process.env, PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH ?? ''}` },
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 1)));
