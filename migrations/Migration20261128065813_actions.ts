import { Migration } from '@mikro-orm/migrations';

/** What people do about failures: handling, flaky marks, re-runs, mutes, and who did what. */
export class Migration20261128065813_actions extends Migration {
  override name = 'Migration20261128065813_actions';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "audit_entries" ("id" uuid not null, "workspace_id" text not null, "actor" text not null, "action" text not null, "subject_kind" text not null, "subject_id" text not null, "details" jsonb not null, "at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(
      `create index "audit_entries_subject" on "audit_entries" ("workspace_id", "subject_kind", "subject_id", "at");`,
    );

    this.addSql(
      `create table "flaky_marks" ("workspace_id" text not null, "repository" text not null, "fingerprint" text not null, "marked_by" text not null, "marked_at" timestamptz not null, "expires_at" timestamptz not null, primary key ("workspace_id", "repository", "fingerprint"));`,
    );

    this.addSql(
      `create table "mutes" ("workspace_id" text not null, "channel_id" text not null, "scope" text not null, "muted_by" text not null, "expires_at" timestamptz not null, primary key ("workspace_id", "channel_id", "scope"));`,
    );

    this.addSql(
      `create table "reruns" ("workspace_id" text not null, "repository" text not null, "run_id" bigint not null, "attempt" int not null, "failure_id" uuid not null, "state" text not null, "started_by" text not null, "at" timestamptz not null, primary key ("workspace_id", "repository", "run_id", "attempt"));`,
    );
    this.addSql(`create index "reruns_failure" on "reruns" ("failure_id");`);

    this.addSql(
      `create table "held_summaries" ("workspace_id" text not null, "channel_id" text not null, "failure_id" uuid not null, "summary_id" uuid not null, primary key ("workspace_id", "channel_id", "failure_id"));`,
    );

    this.addSql(`alter table "failures" add "handling" jsonb null;`);

    this.addSql(
      `alter table "reruns" add constraint "reruns_failure_id_foreign" foreign key ("failure_id") references "failures" ("id") on delete cascade;`,
    );
    this.addSql(`alter table "reruns" add constraint "reruns_state_check" check ("state" in ('reserved', 'started'));`);

    this.addSql(
      `alter table "held_summaries" add constraint "held_summaries_failure_id_foreign" foreign key ("failure_id") references "failures" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "held_summaries" add constraint "held_summaries_summary_id_foreign" foreign key ("summary_id") references "summaries" ("id") on delete cascade;`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "audit_entries" cascade;`);
    this.addSql(`drop table if exists "flaky_marks" cascade;`);
    this.addSql(`drop table if exists "mutes" cascade;`);
    this.addSql(`drop table if exists "reruns" cascade;`);
    this.addSql(`drop table if exists "held_summaries" cascade;`);

    this.addSql(`alter table "failures" drop column "handling";`);
  }
}
