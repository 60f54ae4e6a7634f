import { Migration } from '@mikro-orm/migrations';

export class Migration20261128093642_roundups extends Migration {
  override name = 'Migration20261128093642_roundups';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "roundups" ("id" uuid not null, "workspace_id" text not null, "channel_id" text not null, "occasion" text not null, "ts" text null, "reserved_by" uuid null, "job_id" uuid null, "grown_at" timestamptz not null default now(), primary key ("id"));`,
    );
    this.addSql(
      `create index "roundups_growing" on "roundups" ("workspace_id", "channel_id", "occasion", "grown_at");`,
    );

    this.addSql(
      `create table "roundup_entries" ("workspace_id" text not null, "channel_id" text not null, "failure_id" uuid not null, "roundup_id" uuid not null, "summary_id" uuid not null, "listed_at" timestamptz not null default clock_timestamp(), primary key ("workspace_id", "channel_id", "failure_id"));`,
    );
    this.addSql(`create index "roundup_entries_failure" on "roundup_entries" ("failure_id");`);
    this.addSql(`create index "roundup_entries_roundup" on "roundup_entries" ("roundup_id");`);

    this.addSql(`create index "threads_recent" on "threads" ("workspace_id", "channel_id", "created_at");`);

    this.addSql(`alter table "roundups" add constraint "roundups_occasion_check" check ("occasion" in ('storm'));`);

    this.addSql(
      `alter table "roundup_entries" add constraint "roundup_entries_failure_id_foreign" foreign key ("failure_id") references "failures" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "roundup_entries" add constraint "roundup_entries_roundup_id_foreign" foreign key ("roundup_id") references "roundups" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "roundup_entries" add constraint "roundup_entries_summary_id_foreign" foreign key ("summary_id") references "summaries" ("id") on delete cascade;`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "roundup_entries" drop constraint "roundup_entries_roundup_id_foreign";`);

    this.addSql(`drop table if exists "roundups" cascade;`);
    this.addSql(`drop table if exists "roundup_entries" cascade;`);

    this.addSql(`drop index "threads_recent";`);
  }
}
