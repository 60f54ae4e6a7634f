import { Migration } from '@mikro-orm/migrations';

export class Migration20261128070614_rules extends Migration {
  override name = 'Migration20261128070614_rules';

  override up(): void | Promise<void> {
    this.addSql(`alter table "runs" add "actor_type" text null;`);

    this.addSql(`alter table "subscriptions" add "target" text null;`);
    this.addSql(`create index "subscriptions_target" on "subscriptions" ("workspace_id", "target");`);
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "runs" drop column "actor_type";`);

    this.addSql(`drop index "subscriptions_target";`);
    this.addSql(`alter table "subscriptions" drop column "target";`);
  }
}
