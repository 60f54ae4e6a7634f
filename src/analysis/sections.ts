/** Where a line stands, as the CI system's own marks in the log say. */
export interface Section {
  /** The name of the step, stage or phase; null before the first and between two. */
  readonly step: string | null;
  /** The innermost group, fold or task within the step. */
  readonly group: string | null;
}

/** Follows the marks of CI systems through a log. Bounded: beyond its limits lines stay in the last section that was told apart. */
export interface Sections {
  readonly all: readonly Section[];
  /** An index into `all`. */
  current(): number;
  /** Takes a line without its time stamp, with its marks still in it. */
  note(line: string): void;
}

const MAX_SECTIONS = 4000;
const MAX_DEPTH = 32;
const NAME_LENGTH = 200;

/** Every line that holds a mark holds one of these. */
export const SECTION_LITERALS: readonly string[] = [
  '##[group]',
  '##[endgroup]',
  '##[section]',
  'post job cleanup',
  'travis_fold:',
  'travis_time:',
  'section_start:',
  'section_end:',
  '[pipeline] ',
  'run start: [',
  'run end result_',
  'task [',
  '_bk;t=',
  '~~~ ',
  '--- ',
  '+++ ',
  '====>> ',
];

interface Place {
  step: string | null;
  readonly groups: string[];
  /** Jenkins nests its stages; blocks without a name are null. */
  readonly blocks: Array<string | null>;
  /** Travis does not fold the commands of its script. */
  isInTravisCommand: boolean;
  isBuildkite: boolean;
}

export function createSections(): Sections {
  const all: Section[] = [{ step: null, group: null }];
  const place: Place = { step: null, groups: [], blocks: [], isInTravisCommand: false, isBuildkite: false };
  return {
    all,
    current: () => all.length - 1,
    note(line) {
      for (const follow of FOLLOWERS) follow(line, place);
      const group = place.groups.at(-1) ?? null;
      const last = all.at(-1);
      if (last?.step === place.step && last.group === group) return;
      if (all.length < MAX_SECTIONS) all.push({ step: place.step, group });
    },
  };
}

function enter(place: Place, step: string | null): void {
  place.step = step === null ? null : step.trim().slice(0, NAME_LENGTH);
  place.groups.length = 0;
}

function open(place: Place, group: string): void {
  if (place.groups.length < MAX_DEPTH) place.groups.push(group.trim().slice(0, NAME_LENGTH));
}

const FOLLOWERS: ReadonlyArray<(line: string, place: Place) => void> = [
  followGitHub,
  followAzure,
  followTravis,
  followGitLab,
  followJenkins,
  followZuul,
  followBuildkite,
  followCircle,
];

function followGitHub(line: string, place: Place): void {
  if (line.startsWith('##[group]')) {
    const name = line.slice('##[group]'.length);
    if (name.startsWith('Run ')) enter(place, name);
    else open(place, name);
  } else if (line.startsWith('##[endgroup]')) place.groups.pop();
  else if (line.startsWith('Post job cleanup')) enter(place, 'Post job cleanup');
}

function followAzure(line: string, place: Place): void {
  const mark = /^##\[section\](Starting|Finishing): (.{1,400})$/u.exec(line);
  if (mark !== null) enter(place, mark[1] === 'Starting' ? (mark[2] ?? null) : null);
}

function followTravis(line: string, place: Place): void {
  for (const [, isFold, isStart, name = ''] of line.matchAll(
    /travis_(?:(fold)|time):(?:(start)|end|finish):([\w.-]{1,200})/gu,
  )) {
    if (isFold === undefined) {
      if (isStart !== undefined && place.step === null && place.groups.length === 0) enter(place, 'script');
      if (place.step === 'script') place.isInTravisCommand = isStart !== undefined;
    } else if (isStart === undefined) {
      if (place.groups.pop() === undefined) enter(place, null);
    } else if (place.isInTravisCommand) open(place, name);
    else enter(place, name.replace(/\.\d{1,4}$/u, ''));
  }
}

/** GitLab's name for what the keyword `script` says. */
const GITLAB_SCRIPT: ReadonlySet<string> = new Set(['step_script', 'build_script']);

function followGitLab(line: string, place: Place): void {
  for (const [, isStart, name = ''] of line.matchAll(/section_(?:(start)|end):\d{1,12}:([\w.-]{1,200})/gu)) {
    const step = GITLAB_SCRIPT.has(name) ? 'script' : name;
    if (isStart === undefined) {
      if (place.step === step) enter(place, null);
      else place.groups.pop();
    } else if (place.step === null) enter(place, step);
    else open(place, name);
  }
}

function followJenkins(line: string, place: Place): void {
  const mark = /^.{0,60}\[Pipeline\] (?:\{(?: \((?:Branch: )?(.{1,400})\))?|(\}))$/u.exec(line);
  if (mark === null) return;
  if (mark[2] !== undefined) place.blocks.pop();
  else if (place.blocks.length < MAX_DEPTH) place.blocks.push(mark[1] ?? null);
  enter(place, place.blocks.findLast((name) => name !== null) ?? null);
}

function followZuul(line: string, place: Place): void {
  const run = /^((?:PRE-|POST-)?RUN) (START|END RESULT_\w{1,20}): \[(?:\w{1,20} : )?([^\]@]{1,400})/u.exec(line);
  if (run !== null) enter(place, run[2] === 'START' ? `${run[1]?.toLowerCase()} ${baseOf(run[3] ?? '')}` : null);
  const task = /^TASK \[(.{1,400})\][ *]{0,200}$/u.exec(line)?.[1];
  if (task === undefined) return;
  place.groups.length = 0;
  open(place, task);
}

function baseOf(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1);
}

function followBuildkite(line: string, place: Place): void {
  // The same three characters begin the header of a diff, so something must have said that Buildkite wrote the log.
  place.isBuildkite ||= line.includes('_bk;t=') || /^~~~ (?:Preparing|Running|Setting up) /u.test(line);
  if (!place.isBuildkite) return;
  // oxlint-disable-next-line no-control-regex -- Buildkite's time mark is a control string
  const name = /^(?:\u001b_bk;t=\d{1,20}\u0007){0,4}(?:---|\+\+\+|~~~) (\S.{0,400})$/u.exec(line)?.[1];
  if (name !== undefined && !/^[ab]\/|^\/dev\/null/u.test(name)) enter(place, withoutCodes(name));
}

function withoutCodes(name: string): string {
  // oxlint-disable-next-line no-control-regex -- headers are coloured
  return name.replaceAll(/\u001b\[[\d;]{0,20}[mK]|\u001b_bk;t=\d{1,20}\u0007/gu, '');
}

function followCircle(line: string, place: Place): void {
  const name = /^====>> (.{1,400})$/u.exec(line)?.[1];
  if (name !== undefined) enter(place, name);
}
