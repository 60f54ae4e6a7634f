import { Migration } from '@mikro-orm/migrations';

export class Migration20261128094230_posts extends Migration {
  override name = 'Migration20261128094230_posts';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "posts" ("workspace_id" text not null, "key" text not null, "channel_id" text not null, "ts" text null, "reserved_by" uuid not null, "created_at" timestamptz not null default now(), primary key ("workspace_id", "key", "channel_id"));`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "posts" cascade;`);
  }
}
