import { Migration } from '@mikro-orm/migrations';

export class Migration20261128124940_people extends Migration {
  override name = 'Migration20261128124940_people';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "github_accounts" ("workspace_id" text not null, "account_id" bigint not null, "login" text not null, "user_id" text null, "proof" text null, "proven_at" timestamptz null, "trusted_until" timestamptz null, primary key ("workspace_id", "account_id"));`,
    );
    this.addSql(`create index "github_accounts_person" on "github_accounts" ("workspace_id", "user_id");`);

    this.addSql(`alter table "runs" add "actor_id" bigint null;`);

    this.addSql(`alter table "subscriptions" add "groups" jsonb null;`);

    this.addSql(`alter table "threads" add "called" jsonb null;`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "github_accounts" cascade;`);

    this.addSql(`alter table "runs" drop column "actor_id";`);

    this.addSql(`alter table "subscriptions" drop column "groups";`);

    this.addSql(`alter table "threads" drop column "called";`);
  }
}
