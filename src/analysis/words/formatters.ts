import type { Facts, LogLine } from '../../domain/diagnosis.ts';
import { shortPath } from '../paths.ts';
import type { Words } from './known-cause.ts';
import { circumstance } from './place.ts';
import { count, isSafeInCommand, listNames, oneLine } from './text.ts';

interface Formatter {
  readonly name: string;
  /** Names one file that is not formatted; runs over the line as it is. */
  readonly file: RegExp;
  /** What formats the files that follow it; null where only all can be done. */
  readonly command: string | null;
  /** What formats all files. */
  readonly all: string;
  /** Bare file names mean this formatter only where its command ran. */
  readonly ranBy?: RegExp;
}

const FORMATTERS: readonly Formatter[] = [
  {
    name: 'Prettier',
    file: /^\s{0,4}\[warn\] (?<file>[\w@./\\ -]{1,200}\.\w{1,10})$/u,
    command: 'npx prettier --write',
    all: 'npx prettier --write .',
  },
  { name: 'Black', file: /^would reformat (?<file>[\w./\\-]{1,200})$/u, command: 'black', all: 'black .' },
  { name: 'Ruff', file: /^Would reformat: (?<file>[\w./\\-]{1,200})$/u, command: 'ruff format', all: 'ruff format .' },
  {
    name: 'isort',
    file: /^ERROR: (?<file>[\w./\\-]{1,200}) Imports are incorrectly sorted/u,
    command: 'isort',
    all: 'isort .',
  },
  {
    name: 'rustfmt',
    file: /^Diff in (?<file>[\w./\\-]{1,200}\.rs)(?::| at line )\d{1,6}:?$/u,
    command: null,
    all: 'cargo fmt --all',
  },
  {
    name: 'gofmt',
    file: /^(?<file>[\w./-]{1,200}\.go)$/u,
    command: 'gofmt -w',
    all: 'gofmt -w .',
    ranBy: /gofmt|goimports|fmtcheck|go fmt/u,
  },
  {
    name: 'terraform fmt',
    file: /^(?<file>[\w./-]{1,200}\.tf(?:vars)?)$/u,
    command: 'terraform fmt',
    all: 'terraform fmt -recursive',
    ranBy: /terraform fmt|tofu fmt/u,
  },
  {
    name: 'mix format',
    file: /^\s{1,4}\* (?<file>[\w./-]{1,200}\.exs?)$/u,
    command: 'mix format',
    all: 'mix format',
    ranBy: /mix format/u,
  },
];
const FEW = 4;

/** What to say where a formatter lists the files that it would change; null where none does. */
export function formatterWords(lines: readonly LogLine[], facts: Facts): Words | null {
  for (const formatter of FORMATTERS) {
    if (formatter.ranBy?.test(`${facts.failedCommand ?? ''} ${facts.failedStep ?? ''}`) === false) continue;
    const files = [
      ...new Set(
        lines.flatMap(({ text }) => shortPath(oneLine(formatter.file.exec(text)?.groups?.['file'] ?? '')) || []),
      ),
    ];
    if (files.length > 0) return wordsFor(formatter, files, facts);
  }
  return null;
}

function wordsFor({ name, command, all }: Formatter, files: readonly string[], facts: Facts): Words {
  const lead = `${name} would change ${files.length === 1 ? '' : `${count(files.length, 'file')}: `}`;
  const isShort = files.length <= FEW && files.every(isSafeInCommand) && files.join(' ').length < 160;
  const how =
    isShort && command !== null && files.every((file) => !file.includes(' ')) ? `${command} ${files.join(' ')}` : all;
  return {
    headline: `${lead}${listNames(files, 120 - lead.length)}`,
    cause: [
      `${files.length === 1 ? 'The file is' : 'The files are'} not formatted as the project asks for; only the form is at fault, not what the code does.`,
      circumstance(facts),
    ]
      .filter((part) => part !== null)
      .join(' '),
    nextStep: `Format ${files.length === 1 ? 'it' : 'them'} and commit the result: ${how}`,
  };
}
