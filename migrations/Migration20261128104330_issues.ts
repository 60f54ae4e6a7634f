import { Migration } from '@mikro-orm/migrations';

/** The one GitHub issue of a failure. */
export class Migration20261128104330_issues extends Migration {
  override name = 'Migration20261128104330_issues';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "failure_issues" ("failure_id" uuid not null, "workspace_id" text not null, "state" text not null, "number" int null, "url" text null, "created_by" text not null, "at" timestamptz not null, primary key ("failure_id"));`,
    );

    this.addSql(
      `alter table "failure_issues" add constraint "failure_issues_failure_id_foreign" foreign key ("failure_id") references "failures" ("id") on update cascade on delete cascade;`,
    );
    this.addSql(
      `alter table "failure_issues" add constraint "failure_issues_state_check" check ("state" in ('reserved', 'created'));`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "failure_issues" cascade;`);
  }
}
