import { Migration } from '@mikro-orm/migrations';

export class Migration20261128125042_repository_groups extends Migration {
  override name = 'Migration20261128125042_repository_groups';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "repository_groups" ("workspace_id" text not null, "name" text not null, "repositories" jsonb not null, "is_cut" boolean not null, "told_at" timestamptz not null, "asked_at" timestamptz not null, "problem" text null, primary key ("workspace_id", "name"));`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "repository_groups" cascade;`);
  }
}
