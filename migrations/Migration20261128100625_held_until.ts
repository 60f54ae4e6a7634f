import { Migration } from '@mikro-orm/migrations';

export class Migration20261128100625_held_until extends Migration {
  override name = 'Migration20261128100625_held_until';

  override up(): void | Promise<void> {
    this.addSql(`alter table "roundups" drop constraint "roundups_occasion_check";`);
    this.addSql(
      `alter table "roundups" add constraint "roundups_occasion_check" check ("occasion" in ('storm', 'mute', 'quiet', 'digest'));`,
    );

    this.addSql(
      `alter table "held_summaries" add "occasion" text not null default 'mute', add "due_at" timestamptz null;`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "held_summaries" drop column "occasion", drop column "due_at";`);

    this.addSql(`alter table "roundups" drop constraint "roundups_occasion_check";`);
    this.addSql(`alter table "roundups" add constraint "roundups_occasion_check" check ("occasion" in ('storm'));`);
  }
}
