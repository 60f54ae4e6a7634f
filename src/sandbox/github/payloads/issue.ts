import { type Issue, iso, type Repository } from '../state.ts';
import { accountPayload } from './account.ts';
import { type Bases, nodeId } from './bases.ts';

/** An issue as GitHub describes it, with the fields that clients read. */
export function issuePayload(repository: Repository, issue: Issue, bases: Bases) {
  const { number, title, body, labels, author, createdAt } = issue;
  const api = `${bases.api}/repos/${repository.fullName}`;
  return {
    id: issue.id,
    node_id: nodeId('Issue', issue.id),
    number,
    title,
    body,
    state: 'open',
    state_reason: null,
    locked: false,
    comments: 0,
    labels: labels.map((name) => ({ name, color: 'ededed', default: false, description: null })),
    user: accountPayload(author, bases),
    assignee: null,
    assignees: [],
    milestone: null,
    url: `${api}/issues/${number}`,
    repository_url: api,
    html_url: `${bases.web}/${repository.fullName}/issues/${number}`,
    created_at: iso(createdAt),
    updated_at: iso(createdAt),
    closed_at: null,
    author_association: 'NONE',
  };
}
