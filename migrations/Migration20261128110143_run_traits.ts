import { Migration } from '@mikro-orm/migrations';

export class Migration20261128110143_run_traits extends Migration {
  override name = 'Migration20261128110143_run_traits';

  override up(): void | Promise<void> {
    this.addSql(`alter table "runs" add "traits" jsonb null;`);
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "runs" drop column "traits";`);
  }
}
