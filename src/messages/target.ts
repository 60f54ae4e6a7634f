import type { GroupProblem, TeamAnswer } from '../domain/groups.ts';
import type { RuleTarget } from '../domain/rules/rule.ts';
import { count } from './text.ts';

/** What GitHub says of a topic or a team at the moment. */
export interface GroupNote {
  repositories: number;
  isCut: boolean;
  /** A topic that there is, where nothing has the one that was typed. */
  meant: string | null;
}

/** Why nothing can be said of a team. */
export type TeamObstacle = Exclude<TeamAnswer, { kind: 'team' }> & { team: string };

/** What a rule is about, as a part of a sentence: "a workflow of …". */
export function targetWords(target: RuleTarget): string {
  switch (target.kind) {
    case 'repository':
      return target.repository;
    case 'owner':
      return `any repository of ${target.owner}`;
    case 'topic':
      return `any repository with the topic ${target.topic}`;
    case 'team':
      return `any repository of the team ${target.organization === null ? '' : `${target.organization}/`}${target.team}`;
    default:
      return target satisfies never;
  }
}

/** How many repositories a topic or a team stands for; null for another target. */
export function groupWords(target: RuleTarget, note: GroupNote | null): string | null {
  if (note === null || (target.kind !== 'topic' && target.kind !== 'team')) return null;
  const { repositories, isCut, meant } = note;
  const whose = target.kind === 'topic' ? `the topic ${target.topic}` : 'this team';
  if (repositories > 0) {
    const most = isCut ? 'the first ' : '';
    return `${most}${count(repositories, 'repository', 'repositories')} that I can see ${verb(repositories)} of ${whose} now.`;
  }
  const guess = meant === null ? '' : ` Did you mean topic:${meant}?`;
  return `No repository that I can see is of ${whose}.${guess} The rule is kept, and counts for each that joins.`;
}

function verb(many: number): string {
  return many === 1 ? 'is' : 'are';
}

export function teamObstacleWords(obstacle: TeamObstacle): string {
  const { kind, team } = obstacle;
  switch (kind) {
    case 'no-organization':
      return `I cannot look for the team ${team}: no GitHub organization of that name is linked to this workspace. Nothing was saved.`;
    case 'teams-hidden':
      return `I may not see the teams of ${obstacle.organizations.join(', ')}. Whoever manages GitHub can give the app the organization permission "Members" (read-only); then subscribe again. Nothing was saved.`;
    case 'which-organization':
      return `There is a team ${team} in each of ${obstacle.organizations.join(', ')}. Say which: team:${obstacle.organizations[0] ?? ''}/${team}. Nothing was saved.`;
    case 'unknown-team': {
      const guess = obstacle.meant === null ? 'Check the address of its page.' : `Did you mean team:${obstacle.meant}?`;
      return `I see no team ${team} in ${obstacle.organizations.join(', ')}. ${guess} Nothing was saved.`;
    }
    default:
      return kind satisfies never;
  }
}

/** Why the list of a group is not newer. */
export function groupProblemWords(problem: GroupProblem): string {
  switch (problem) {
    case 'hidden':
      return 'GitHub does not show me the team any more: the app needs the organization permission "Members" (read-only)';
    case 'gone':
      return 'GitHub does not know the team any more';
    case 'unavailable':
      return 'GitHub did not answer';
    default:
      return problem satisfies never;
  }
}
