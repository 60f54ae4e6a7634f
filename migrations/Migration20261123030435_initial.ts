import { Migration } from '@mikro-orm/migrations';

/** Every table of the first release. */
export class Migration20261123030435_initial extends Migration {
  override name = 'Migration20261123030435_initial';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "events" ("id" uuid not null, "delivery_id" text not null, "name" text not null, "action" text null, "installation_id" bigint null, "repository" text null, "body" bytea not null, "body_hash" bytea not null, "received_at" timestamptz not null default now(), primary key ("id"));`,
    );
    this.addSql(`create index "events_received" on "events" ("received_at");`);
    this.addSql(`alter table "events" add constraint "events_body_hash" unique ("body_hash");`);

    // lz4 costs a fraction of the default compression's time at every delivery. PGlite and some servers are built without it.
    this.addSql(
      `do $$ begin execute 'alter table "events" alter column "body" set compression lz4'; exception when feature_not_supported then null; end $$;`,
    );

    this.addSql(
      `create table "failures" ("id" uuid not null, "workspace_id" text not null, "repository" text not null, "branch" text not null, "workflow" text not null, "fingerprint" text not null, "status" text not null, "occurrences" int not null, "first_run_id" bigint not null, "first_attempt" int not null, "first_run_number" int not null, "first_head_sha" text not null, "first_at" timestamptz not null, "last_run_id" bigint not null, "last_attempt" int not null, "last_run_number" int not null, "last_head_sha" text not null, "last_at" timestamptz not null, "resolution_kind" text null, "resolved_run_id" bigint null, "resolved_attempt" int null, "resolved_run_number" int null, "resolved_head_sha" text null, "resolved_at" timestamptz null, "resolved_title" text null, "resolved_actor" text null, "resolved_url" text null, primary key ("id"));`,
    );
    this.addSql(
      `create index "failures_history" on "failures" ("workspace_id", "repository", "fingerprint", "status", "resolved_at");`,
    );
    this.addSql(
      `create unique index "failures_open" on "failures" ("workspace_id", "repository", "branch", "workflow", "fingerprint") where status = 'open';`,
    );
    this.addSql(
      `alter table "failures" add constraint "failures_status_check" check ("status" in ('open', 'resolved'));`,
    );

    this.addSql(
      `create table "installations" ("workspace_id" text not null, "installation_id" bigint not null, "created_at" timestamptz not null default now(), primary key ("workspace_id", "installation_id"));`,
    );
    this.addSql(`create index "installations_installation" on "installations" ("installation_id");`);

    this.addSql(
      `create table "jobs" ("id" uuid not null, "kind" text not null, "payload" jsonb not null, "dedupe_key" text not null, "status" text not null default 'queued', "attempt" int not null default 0, "crashes" int not null default 0, "due_at" timestamptz not null default now(), "lease_token" uuid null, "lease_expires_at" timestamptz null, "woken_at" timestamptz null, "last_error" text null, "created_at" timestamptz not null default now(), "finished_at" timestamptz null, primary key ("id"));`,
    );
    this.addSql(`create index "jobs_due" on "jobs" ("due_at") where status = 'queued';`);
    this.addSql(`create index "jobs_finished" on "jobs" ("finished_at") where status <> 'queued';`);
    this.addSql(`create index "jobs_dead" on "jobs" ("kind") where status = 'dead';`);
    this.addSql(`alter table "jobs" add constraint "jobs_dedupe_key" unique ("dedupe_key");`);
    this.addSql(
      `alter table "jobs" add constraint "jobs_status_check" check ("status" in ('queued', 'done', 'dead'));`,
    );

    this.addSql(
      `create table "repos" ("workspace_id" text not null, "name" text not null, "default_branch" text not null, "last_activity_at" timestamptz not null, primary key ("workspace_id", "name"));`,
    );
    this.addSql(`create index "repos_activity" on "repos" ("workspace_id", "last_activity_at");`);

    this.addSql(
      `create table "runs" ("workspace_id" text not null, "repository" text not null, "run_id" bigint not null, "attempt" int not null, "number" int not null, "workflow" text not null, "branch" text not null, "default_branch" text not null, "event" text not null, "head_sha" text not null, "status" text not null, "conclusion" text null, "url" text not null, "actor" text not null, "title" text not null, "pull_request" int null, "started_at" timestamptz not null, "updated_at" timestamptz not null, primary key ("workspace_id", "repository", "run_id", "attempt"));`,
    );
    this.addSql(
      `create index "runs_latest" on "runs" ("workspace_id", "repository", "branch", "updated_at") where status = 'completed';`,
    );
    this.addSql(
      `create index "runs_of_workflow" on "runs" ("workspace_id", "repository", "branch", "workflow", "number", "attempt") where status = 'completed';`,
    );

    this.addSql(
      `create table "subscriptions" ("id" uuid not null, "workspace_id" text not null, "channel_id" text not null, "repository" text not null, "created_by" text not null, "created_at" timestamptz not null default now(), "paused_reason" text null, primary key ("id"));`,
    );
    this.addSql(`create index "subscriptions_repository" on "subscriptions" ("workspace_id", "repository");`);
    this.addSql(
      `alter table "subscriptions" add constraint "subscriptions_channel" unique ("workspace_id", "channel_id", "repository");`,
    );

    this.addSql(
      `create table "summaries" ("id" uuid not null, "workspace_id" text not null, "repository" text not null, "run_id" bigint not null, "attempt" int not null, "revision" int not null, "failure_id" uuid not null, "diagnosis" jsonb not null, "created_at" timestamptz not null default now(), primary key ("id"));`,
    );
    this.addSql(`create index "summaries_failure" on "summaries" ("failure_id");`);
    this.addSql(`create index "summaries_recent" on "summaries" ("workspace_id", "created_at");`);
    this.addSql(
      `alter table "summaries" add constraint "summaries_revision" unique ("workspace_id", "repository", "run_id", "attempt", "revision");`,
    );

    this.addSql(
      `create table "threads" ("id" uuid not null, "workspace_id" text not null, "channel_id" text not null, "failure_id" uuid not null, "ts" text null, "reserved_by" uuid not null, "created_at" timestamptz not null default now(), primary key ("id"));`,
    );
    this.addSql(`create index "threads_failure" on "threads" ("failure_id");`);
    this.addSql(
      `alter table "threads" add constraint "threads_message" unique ("workspace_id", "channel_id", "failure_id");`,
    );

    this.addSql(
      `create table "thread_replies" ("thread_id" uuid not null, "key" text not null, "workspace_id" text not null, "ts" text null, "reserved_by" uuid not null, "created_at" timestamptz not null default now(), primary key ("thread_id", "key"));`,
    );

    this.addSql(
      `create table "users" ("workspace_id" text not null, "user_id" text not null, "role" text not null, "checked_at" timestamptz not null, primary key ("workspace_id", "user_id"));`,
    );

    this.addSql(
      `create table "workspaces" ("id" text not null, "name" text null, "install_key_id" text null, "sealed_install" bytea null, "revoked_reason" text null, "created_at" timestamptz not null default now(), "updated_at" timestamptz not null default now(), primary key ("id"));`,
    );

    this.addSql(
      `alter table "summaries" add constraint "summaries_failure_id_foreign" foreign key ("failure_id") references "failures" ("id") on delete cascade;`,
    );

    this.addSql(
      `alter table "threads" add constraint "threads_failure_id_foreign" foreign key ("failure_id") references "failures" ("id") on delete cascade;`,
    );

    this.addSql(
      `alter table "thread_replies" add constraint "thread_replies_thread_id_foreign" foreign key ("thread_id") references "threads" ("id") on delete cascade;`,
    );
  }
}
