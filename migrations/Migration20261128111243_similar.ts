import { Migration } from '@mikro-orm/migrations';

/** Finds failures that ended lately in one repository. */
export class Migration20261128111243_similar extends Migration {
  override name = 'Migration20261128111243_similar';

  override up(): void | Promise<void> {
    this.addSql(
      `create index "failures_resolved" on "failures" ("workspace_id", "repository", "resolved_at") where status = 'resolved';`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop index "failures_resolved";`);
  }
}
