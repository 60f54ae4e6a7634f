import { Migration } from '@mikro-orm/migrations';

export class Migration20261128161448_github_apps extends Migration {
  override name = 'Migration20261128161448_github_apps';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "github_apps" ("host" text not null, "number" int not null, "api_url" text not null, "web_url" text not null, "log_hosts" jsonb not null, "slug" text not null, "key_id" text not null, "sealed_keys" bytea not null, "created_at" timestamptz not null default now(), "updated_at" timestamptz not null default now(), primary key ("host"));`,
    );
    this.addSql(`alter table "github_apps" add constraint "github_apps_number" unique ("number");`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "github_apps" cascade;`);
  }
}
