import { RepositoryName } from '../ids.ts';
import type { Read } from './problem.ts';
import { OWNER_TARGET, type RuleTarget } from './rule.ts';
import type { Word } from './words.ts';

/**
 * Reads the first word of a rule: `owner/repo`, `owner/*`, either with a host in front, `ci:source/project`, `ci:source/*`, `topic:payments`,
 * `team:payments` or `team:acme/payments`.
 */
export function readTarget({ text, at }: Word): Read<RuleTarget> {
  const group = /^(topic|team):(.*)$/isu.exec(text);
  if (group !== null) {
    const [, key = '', name = ''] = group;
    const target = key.toLowerCase() === 'topic' ? readTopic(name) : readTeam(name);
    if (target !== null) return { value: target };
    const kind = key.toLowerCase() === 'topic' ? 'bad-topic' : 'bad-team';
    const place = { start: name === '' ? at.start : at.start + key.length + 1, end: at.end };
    return { problem: { kind, word: name, at: place } };
  }
  const owner = OWNER_TARGET.exec(text)?.[1];
  if (owner !== undefined) return { value: { kind: 'owner', owner: owner.toLowerCase() } };
  const repository = RepositoryName.safeParse(text);
  if (repository.success) return { value: { kind: 'repository', repository: repository.data } };
  return { problem: { kind: 'bad-target', word: text, at } };
}

/** Whether a word could begin a rule, wherever it stands. */
export function looksLikeTarget(text: string): boolean {
  return /^(?:(?:ci:|[a-z\d][a-z\d.-]{0,63}(?::\d{1,5})?\/)?[\w-]{1,39}\/[\w.*-]{1,100}|(?:topic|team):.*)$/isu.test(
    text,
  );
}

/** `owner/repo as-code`: the rules about the repository stand in a file there. */
export function isAsCode(text: string): boolean {
  return text.toLowerCase() === 'as-code';
}

/** docs.github.com, "Classifying your repository with topics": letters, digits and hyphens, at most 50. */
function readTopic(name: string): RuleTarget | null {
  const isTopic = /^[a-z\d][a-z\d-]{0,49}$/iu.test(name);
  return isTopic ? { kind: 'topic', topic: name.toLowerCase(), repositories: [] } : null;
}

/** A team as its address names it: not by the name that it shows, but by its slug. */
function readTeam(name: string): RuleTarget | null {
  const [, organization, team] = /^(?:@?([\w-]{1,39})\/)?([\w-]{1,100})$/u.exec(name) ?? [];
  if (team === undefined) return null;
  return {
    kind: 'team',
    organization: organization?.toLowerCase() ?? null,
    team: team.toLowerCase(),
    repositories: [],
  };
}
