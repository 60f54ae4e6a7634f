import { Migration } from '@mikro-orm/migrations';

export class Migration20261128163106_spent_ingest_tokens extends Migration {
  override name = 'Migration20261128163106_spent_ingest_tokens';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "spent_ingest_tokens" ("id" uuid not null, "expires_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(`create index "spent_ingest_tokens_expiry" on "spent_ingest_tokens" ("expires_at");`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "spent_ingest_tokens" cascade;`);
  }
}
