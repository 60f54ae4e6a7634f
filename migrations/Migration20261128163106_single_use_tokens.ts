import { Migration } from '@mikro-orm/migrations';

export class Migration20261128163106_single_use_tokens extends Migration {
  override name = 'Migration20261128163106_single_use_tokens';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "single_use_tokens" ("id" uuid not null, "expires_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(`create index "single_use_tokens_expiry" on "single_use_tokens" ("expires_at");`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "single_use_tokens" cascade;`);
  }
}
