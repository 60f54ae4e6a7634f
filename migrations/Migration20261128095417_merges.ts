import { Migration } from '@mikro-orm/migrations';

/** A failure that people say is the same as another one. */
export class Migration20261128095417_merges extends Migration {
  override name = 'Migration20261128095417_merges';

  override up(): void | Promise<void> {
    this.addSql(`alter table "failures" drop constraint "failures_status_check";`);
    this.addSql(
      `alter table "failures" add "merged_into" uuid null, add "merged_by" text null, add "merged_at" timestamptz null;`,
    );
    this.addSql(`create index "failures_merged" on "failures" ("merged_into");`);
    this.addSql(
      `alter table "failures" add constraint "failures_status_check" check ("status" in ('open', 'resolved', 'merged'));`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`update "failures" set "status" = 'resolved' where "status" = 'merged';`);
    this.addSql(`drop index "failures_merged";`);
    this.addSql(`alter table "failures" drop constraint "failures_status_check";`);
    this.addSql(`alter table "failures" drop column "merged_into", drop column "merged_by", drop column "merged_at";`);
    this.addSql(
      `alter table "failures" add constraint "failures_status_check" check ("status" in ('open', 'resolved'));`,
    );
  }
}
