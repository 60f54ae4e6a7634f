import { type Document, isAlias, isMap, isNode, isPair, isScalar, type LineCounter, visit } from 'yaml';
import { z } from 'zod';
import type { RepositoryName } from '../domain/ids.ts';
import { type FileChannel, RULE_FILE_LIMITS, type RuleFileFault, type RuleFileProblem } from '../domain/rule-files.ts';
import { parseRule } from '../domain/rules/parse.ts';
import type { Place } from '../domain/rules/problem.ts';
import type { Rule } from '../domain/rules/rule.ts';
import { suggest } from '../domain/suggest.ts';
import { composeYaml } from './yaml-text.ts';

type Outcome = { channels: FileChannel[] } | { problem: RuleFileProblem };

const Channel = z.strictObject({
  channel: z
    .string()
    .trim()
    .regex(/^#?[^\s#@<>]{1,80}$/u),
  rules: z.array(z.string().max(2_000)).max(RULE_FILE_LIMITS.rules).optional(),
});

const File = z.strictObject({
  version: z.literal(1),
  channels: z.array(Channel).max(RULE_FILE_LIMITS.channels),
});

/** What may stand where: at the top, and below each channel. */
const KEYS = { file: ['version', 'channels'], channel: ['channel', 'rules'] } as const;

/** Reads `.github/cortex.yml` of a repository. The first problem is told, with its place in the file. */
export function readRuleFile(text: string, repository: RepositoryName): Outcome {
  const composed = composeYaml(text, RULE_FILE_LIMITS);
  if (composed.kind === 'deep') {
    return problemAt(
      { text, lines: composed.lines },
      { start: composed.at, end: composed.at + 1 },
      { kind: 'too-deep' },
    );
  }
  const { document, second, lines } = composed.yaml;
  const source: Source = { text, lines };
  if (document === null) return problemAt(source, { start: 0, end: 0 }, { kind: 'missing-key', key: 'version' });
  const [error] = document.errors;
  if (error !== undefined) {
    const [start, end] = error.pos;
    return problemAt(source, { start, end }, { kind: 'not-yaml', hint: hintOf(error.code) });
  }
  if (second !== null) return problemAt(source, placeOf(second.contents), { kind: 'not-yaml', hint: 'twice' });
  const alias = findAlias(document);
  if (alias !== null) return problemAt(source, alias, { kind: 'alias' });
  const parsed = File.safeParse(document.toJS({ maxAliasCount: 0 }));
  const issues = parsed.error?.issues ?? [];
  // A word that is misspelt is the reason for one that is missing.
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0];
  if (issue !== undefined) return schemaProblem(source, document, issue);
  return readChannels(source, { document, file: File.parse(parsed.data), repository });
}

interface Source {
  text: string;
  lines: LineCounter;
}

function findAlias(document: Document): Place | null {
  const found: Place[] = [];
  visit(document, {
    Node(_key, node) {
      if (!isAlias(node) && !(isNode(node) && 'anchor' in node && node.anchor !== undefined)) return undefined;
      found.push(placeOf(node));
      return visit.BREAK;
    },
  });
  return found[0] ?? null;
}

function hintOf(code: string): 'tabs' | 'twice' | 'open' | null {
  if (code === 'TAB_AS_INDENT') return 'tabs';
  if (code === 'DUPLICATE_KEY') return 'twice';
  return code === 'MISSING_CHAR' ? 'open' : null;
}

function schemaProblem(source: Source, document: Document, issue: z.core.$ZodIssue): Outcome {
  const path = issue.path.filter((part) => typeof part !== 'symbol');
  const known = path.length === 0 ? KEYS.file : KEYS.channel;
  if (issue.code === 'unrecognized_keys') {
    const [word = ''] = issue.keys;
    const fault = { kind: 'unknown-key', word, meant: suggest(word, known), known } as const;
    return problemAt(source, placeOfKey(document, path, word), fault);
  }
  const key = path.findLast((part) => typeof part === 'string') ?? 'file';
  const node = nodeAt(document, path);
  if (node === null) return problemAt(source, placeNear(document, path), { kind: 'missing-key', key });
  if (issue.code === 'too_big' && issue.origin === 'array') {
    return problemAt(source, placeOf(node), { kind: 'too-many', key, most: Number(issue.maximum) });
  }
  return problemAt(source, placeOf(node), { kind: 'wrong-value', key });
}

type Path = ReadonlyArray<string | number>;

/** Null where nothing stands there. */
function nodeAt(document: Document, path: Path): unknown {
  const node: unknown = path.length === 0 ? document.contents : document.getIn(path, true);
  return node === undefined ? null : node;
}

/** The nearest thing around what is missing. */
function placeNear(document: Document, path: Path): Place {
  for (let length = path.length - 1; length >= 0; length -= 1) {
    const node = nodeAt(document, path.slice(0, length));
    if (node !== null) return placeOf(node);
  }
  return { start: 0, end: 0 };
}

function placeOfKey(document: Document, path: Path, word: string): Place {
  const map = nodeAt(document, path);
  if (!isMap(map)) return placeOf(map);
  const pair = map.items.find(({ key }) => isScalar(key) && String(key.value) === word);
  return placeOf(pair?.key);
}

function placeOf(node: unknown): Place {
  const range = isPair(node) || !isNode(node) ? null : node.range;
  return range ? { start: range[0], end: Math.max(range[1], range[0]) } : { start: 0, end: 0 };
}

interface Reading {
  document: Document;
  file: z.infer<typeof File>;
  repository: RepositoryName;
}

function readChannels(source: Source, { document, file, repository }: Reading): Outcome {
  const channels: FileChannel[] = [];
  for (const [index, { channel, rules: lines = [''] }] of file.channels.entries()) {
    const name = channel.replace(/^#/u, '').toLowerCase();
    if (channels.some((each) => each.channel === name)) {
      const place = placeOf(nodeAt(document, ['channels', index, 'channel']));
      return problemAt(source, place, { kind: 'second-channel', word: channel });
    }
    const rules: Rule[] = [];
    for (const [place, line] of lines.entries()) {
      const lead = `${repository} `;
      const parsed = parseRule(`${lead}${line}`);
      if (parsed.kind === 'problem') {
        const node = nodeAt(document, ['channels', index, 'rules', place]);
        return ruleProblem(source, { node, line, lead, problem: parsed.problem });
      }
      rules.push(withClock(parsed.rule));
    }
    channels.push({ channel: name, rules });
  }
  return { channels };
}

/** A file has no writer whose clock could be meant. */
function withClock(rule: Rule): Rule {
  const { schedule } = rule;
  return schedule === null ? rule : { ...rule, schedule: { ...schedule, timeZone: schedule.timeZone ?? 'UTC' } };
}

type ParseProblem = Extract<ReturnType<typeof parseRule>, { kind: 'problem' }>['problem'];

function ruleProblem(
  source: Source,
  { node, line, lead, problem }: { node: unknown; line: string; lead: string; problem: ParseProblem },
): Outcome {
  const whole = placeOf(node);
  const start = source.text.indexOf(line, whole.start);
  // Within quotes a character may stand for another: then only the line is sure.
  const isPlain = line !== '' && start >= whole.start && start + line.length <= whole.end;
  const at = {
    start: start + Math.max(problem.at.start - lead.length, 0),
    end: start + Math.max(problem.at.end - lead.length, 0),
  };
  const fault: RuleFileFault =
    problem.kind === 'second-target' ? { kind: 'own-target', word: problem.word } : { kind: 'rule', problem };
  return problemAt(source, isPlain ? at : whole, fault);
}

/** Long enough for every rule. */
const SOURCE_MAX = 600;

function problemAt({ text, lines }: Source, { start, end }: Place, fault: RuleFileFault): Outcome {
  const { line, col } = lines.linePos(start);
  const row = Math.max(line, 1);
  const column = Math.max(col, 1);
  const source = (text.split(/\r?\n/u)[row - 1] ?? '').slice(0, SOURCE_MAX);
  const from = Math.min(column - 1, source.length);
  const to = Math.min(Math.max(from + end - start, from + 1), Math.max(source.length, from + 1));
  return { problem: { line: row, column, source, at: { start: from, end: to }, ...fault } };
}
