import { rules } from '@secretlint/secretlint-rule-preset-recommend';
import type { Mark, Rule } from './rule.ts';

/**
 * For each rule of the preset, literals of which every text that it reports holds one; lower case. A rule without any here is not
 * run: a test compares this table with the installed preset.
 */
export const SECRETLINT_LITERALS: Readonly<Record<string, readonly string[]>> = {
  '1password': ['ops_'],
  anthropic: ['sk-ant-'],
  aws: ['akia', 'agpa', 'aida', 'aroa', 'aipa', 'anpa', 'anva', 'asia', 'a3t', 'access', 'account'],
  basicauth: ['@'],
  cloudflare: ['cfk_', 'cfut_', 'cfat_'],
  'database-connection-string': ['mongodb', 'mysql', 'postgres'],
  databricks: ['dapi'],
  docker: ['dckr_'],
  figma: ['figd_'],
  github: ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_', 'github_pat'],
  gitlab: ['glpat-'],
  grafana: ['glc_', 'glsa_'],
  groq: ['gsk_'],
  'hashicorp-vault': ['hvs.', 'hvb.', 'hvr.'],
  huggingface: ['hf_'],
  linear: ['lin_api_'],
  notion: ['ntn_'],
  npm: ['x-oauth-basic', '_authtoken', 'npm_'],
  openai: ['sk-'],
  privatekey: ['private key'],
  sendgrid: ['sg.'],
  shopify: ['shp'],
  slack: ['xox', 'xapp', 'hooks.slack.com'],
  stripe: ['sk_', 'rk_'],
  tailscale: ['tskey-'],
  vercel: ['vcp_', 'vci_', 'vca_', 'vcr_', 'vck_'],
};

/** Rules of the preset that are left out: keys in files of a type that a log is not, and comments that turn other rules off. */
export const SECRETLINT_LEFT_OUT: readonly string[] = ['gcp', 'filter-comments'];

type Creator = (typeof rules)[number];
type Source = Parameters<NonNullable<ReturnType<Creator['create']>['file']>>[0];
type Span = readonly [start: number, end: number];

/**
 * secretlint's recommended preset, each rule run by itself on one line. Its own runner would start every rule on every text, obey
 * `secretlint-disable` in a log, and keep a record of each run for as long as the process lives.
 */
export const SECRETLINT_RULES: readonly Rule[] = rules.flatMap((creator) => {
  const kind = shortId(creator.meta.id);
  const literals = SECRETLINT_LITERALS[kind];
  return literals === undefined
    ? []
    : [{ literals, apply: (text, mark) => replaceSpans(text, kind, { spans: findSpans(creator, text), mark }) }];
});

/** The name of a rule without its package's prefix. */
export function shortId(id: string): string {
  return id.replace(/^@secretlint\/secretlint-rule-/u, '');
}

function findSpans(creator: Creator, text: string): Span[] {
  const spans: Span[] = [];
  const handler = creator.create(
    {
      sharedOptions: {},
      createTranslator: () => () => ({ message: '', messageId: '', data: {} }),
      report: ({ range }) => void spans.push(range),
      ignore: () => {},
    },
    {},
  );
  if (handler.file?.(sourceOf(text)) instanceof Promise)
    throw new Error(`The rule ${creator.meta.id} is not synchronous`);
  return spans.toSorted(([a], [b]) => a - b);
}

function replaceSpans(text: string, kind: string, { spans, mark }: { spans: readonly Span[]; mark: Mark }): string {
  let result = '';
  let at = 0;
  for (const [start, end] of spans) {
    const secret = text.slice(start, end);
    // Our marks in a URL look like credentials again.
    if (start < at || secret.includes('[redacted:')) continue;
    result += text.slice(at, start) + mark(kind, secret);
    at = end;
  }
  return result + text.slice(at);
}

const START = { line: 1, column: 0 };

/** The rules look at the text and nothing else. */
function sourceOf(content: string): Source {
  return {
    hasBOM: false,
    content,
    filePath: 'log.txt',
    physicalFilePath: undefined,
    contentType: 'text',
    ext: '.txt',
    getFilePath: () => 'log.txt',
    getPhysicalFilePath: () => undefined,
    locationToRange: () => [0, 0],
    rangeToLocation: () => ({ start: START, end: START }),
    positionToIndex: () => 0,
    indexToPosition: () => START,
  };
}
