import { Migration } from '@mikro-orm/migrations';

export class Migration20261128205637_unfinished_runs extends Migration {
  override name = 'Migration20261128205637_unfinished_runs';

  override up(): void | Promise<void> {
    this.addSql(
      `create index "runs_unfinished" on "runs" ("workspace_id", "repository", "updated_at") where status <> 'completed';`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop index "runs_unfinished";`);
  }
}
