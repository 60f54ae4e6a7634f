import { Migration } from '@mikro-orm/migrations';

export class Migration20261128163624_github_answers extends Migration {
  override name = 'Migration20261128163624_github_answers';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "github_answers" ("workspace_id" text not null, "repository" text not null, "key" text not null, "remote_id" bigint null, "reserved_by" uuid not null, "created_at" timestamptz not null default now(), primary key ("workspace_id", "repository", "key"));`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "github_answers" cascade;`);
  }
}
