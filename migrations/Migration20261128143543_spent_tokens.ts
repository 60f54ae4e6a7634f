import { Migration } from '@mikro-orm/migrations';

export class Migration20261128143543_spent_tokens extends Migration {
  override name = 'Migration20261128143543_spent_tokens';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "spent_tokens" ("workspace_id" text not null, "id" uuid not null, "expires_at" timestamptz not null, primary key ("workspace_id", "id"));`,
    );
    this.addSql(`create index "spent_tokens_expiry" on "spent_tokens" ("expires_at");`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "spent_tokens" cascade;`);
  }
}
