import { Migration } from '@mikro-orm/migrations';

export class Migration20261128132609_rule_files extends Migration {
  override name = 'Migration20261128132609_rule_files';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "rule_files" ("workspace_id" text not null, "channel_id" text not null, "repository" text not null, "id" uuid not null, "created_by" text not null, "created_at" timestamptz not null default now(), "state" text not null, "version" text null, "lines" jsonb not null, "problem" jsonb null, "read_at" timestamptz null, "paused_reason" text null, primary key ("workspace_id", "channel_id", "repository"));`,
    );
    this.addSql(`create index "rule_files_repository" on "rule_files" ("workspace_id", "repository");`);
    this.addSql(`alter table "rule_files" add constraint "rule_files_id" unique ("id");`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "rule_files" cascade;`);
  }
}
