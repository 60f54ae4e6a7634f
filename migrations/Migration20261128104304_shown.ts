import { Migration } from '@mikro-orm/migrations';

/** What a parent message shows, so that it is not said twice. */
export class Migration20261128104304_shown extends Migration {
  override name = 'Migration20261128104304_shown';

  override up(): void | Promise<void> {
    this.addSql(`alter table "threads" add "shown" text null;`);
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "threads" drop column "shown";`);
  }
}
