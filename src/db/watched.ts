/** How far back runs are asked for, however long nobody looked. */
const OLDEST = `interval '7 days'`;

/**
 * The repositories that rules are about, each with the time since which its runs have to be known: since the oldest of its rules
 * that is not paused, or since the last look. Of an owner's repositories those count that showed themselves in the last months.
 */
export const WATCHED = `
  watching as (
    select workspace_id, coalesce(target, repository) as repository, created_at from subscriptions
    where paused_reason is null and coalesce(target, repository) like '%/%'
      and coalesce(target, repository) !~ '^(topic|team|ci):' and coalesce(target, repository) not like '%*'
    union all
    select workspace_id, repository, created_at from rule_files where paused_reason is null
    union all
    select rules.workspace_id, member.name, rules.created_at from subscriptions rules
    join repository_groups on repository_groups.workspace_id = rules.workspace_id and repository_groups.name = rules.target
    cross join lateral jsonb_array_elements_text(repository_groups.repositories) member (name)
    where rules.paused_reason is null
    union all
    select rules.workspace_id, repos.name, rules.created_at from subscriptions rules
    join repos on repos.workspace_id = rules.workspace_id and starts_with(repos.name, left(rules.target, -1))
    where rules.paused_reason is null and rules.target like '%/*' and repos.last_activity_at > now() - interval '90 days'
  ), watched as (
    select watching.workspace_id, watching.repository, run_looks.looked_at, run_looks.mark, run_looks.seen_until,
      greatest(min(watching.created_at), run_looks.seen_until, now() - ${OLDEST}) as since
    from watching left join run_looks
      on run_looks.workspace_id = watching.workspace_id and run_looks.repository = watching.repository
    group by watching.workspace_id, watching.repository, run_looks.looked_at, run_looks.mark, run_looks.seen_until
  )`;
