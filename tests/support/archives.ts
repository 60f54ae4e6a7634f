import { buffer } from 'node:stream/consumers';
import { type Options, ZipFile } from 'yazl';

interface Packed {
  /** Unix permissions and kind of file. */
  mode?: number;
  /** Writes the sizes in the fields that only zip64 has. */
  zip64?: boolean;
}

/** A zip archive of these files, in this order. */
export async function zipOf(
  files: Readonly<Record<string, string | Buffer>>,
  { mode, zip64 = false }: Packed = {},
): Promise<Buffer> {
  const zip = new ZipFile();
  const options: Partial<Options> = { forceZip64Format: zip64, ...(mode === undefined ? {} : { mode }) };
  for (const [name, content] of Object.entries(files)) zip.addBuffer(Buffer.from(content), name, options);
  zip.end({ forceZip64Format: zip64, comment: '' });
  return buffer(zip.outputStream);
}

/** The same bytes with each `from` made `to`, which is as long: archives that no packer would write. */
export function patched(archive: Buffer, from: string | Buffer, to: string | Buffer): Buffer {
  const wanted = Buffer.from(from);
  const copy = Buffer.from(archive);
  let found = 0;
  for (let at = copy.indexOf(wanted); at !== -1; at = copy.indexOf(wanted, at + wanted.length)) {
    Buffer.from(to).copy(copy, at);
    found += 1;
  }
  if (found === 0 || wanted.length !== Buffer.from(to).length) throw new Error('Nothing to patch');
  return copy;
}

/** Where the list of files has the entry of this name. */
export function listed(archive: Buffer, name: string): number {
  return archive.lastIndexOf(Buffer.from(name)) - 46;
}

const SECOND_MS = 1000;

/** A file as GitHub writes it: a byte order mark, and a time stamp before each line. */
export function stamped(lines: readonly string[], from = 0): string {
  const start = Date.parse('2026-11-20T09:14:00Z') + from * SECOND_MS;
  const texts = lines.map((line, at) => {
    const time = new Date(start + at * SECOND_MS).toISOString().replace('Z', '0001Z');
    return `${time} ${line}\n`;
  });
  return `\ufeff${texts.join('')}`;
}

const SET_UP = stamped(["Current runner version: '2.330.0'", '##[group]Operating System', 'Ubuntu', '##[endgroup]']);
const CHECKOUT = stamped(
  ['##[group]Run actions/checkout@v4', '##[endgroup]', 'HEAD is now at 1a2b3c4 Round the tax'],
  10,
);
const CLEAN_UP = stamped(['Post job cleanup.', '[command]/usr/bin/git version'], 40);
const COMPLETE = stamped(['Cleaning up orphan processes'], 50);

/** The files of one job in the archive of a run: the whole log and one for each step, as GitHub names them. */
export function jobFiles(
  ordinal: number,
  name: string,
  { step, lines }: { step: string; lines: readonly string[] },
): Record<string, string> {
  const steps: Record<string, string> = {
    '1_Set up job': SET_UP,
    '2_Run actions_checkout@v4': CHECKOUT,
    [`4_${step}`]: stamped([`##[group]${step}`, step, '##[endgroup]', ...lines], 20),
    '9_Post Run actions_checkout@v4': CLEAN_UP,
    '10_Complete job': COMPLETE,
  };
  const ordered = Object.entries(steps).toSorted(([a], [b]) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
  return {
    [`${ordinal}_${name}.txt`]: ordered.map(([, text]) => text).join(''),
    ...Object.fromEntries(ordered.map(([file, text]) => [`${name}/${file}.txt`, text])),
    [`${name}/system.txt`]: stamped(['Requested labels: ubuntu-latest']),
  };
}

export const FAILING_TEST = [
  'FAIL test/cart.test.js',
  '  ● cart › applies the discount once',
  '    expect(received).toBe(expected)',
  '    Expected: 90',
  '    Received: 81',
  'Tests: 1 failed, 3 passed, 4 total',
  '##[error]Process completed with exit code 1.',
];
export const FAILING_LINT = [
  'src/pay.js:3:7: error: total is never used (no-unused-vars)',
  '##[error]Process completed with exit code 1.',
];
export const PASSING = ['all is well'];
