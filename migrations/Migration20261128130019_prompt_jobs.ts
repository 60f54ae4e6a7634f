import { Migration } from '@mikro-orm/migrations';

export class Migration20261128130019_prompt_jobs extends Migration {
  override name = 'Migration20261128130019_prompt_jobs';

  override up(): void | Promise<void> {
    this.addSql(`alter table "jobs" add "is_prompt" boolean not null default false;`);
    this.addSql(`create index "jobs_prompt" on "jobs" ("due_at") where status = 'queued' and is_prompt;`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop index "jobs_prompt";`);
    this.addSql(`alter table "jobs" drop column "is_prompt";`);
  }
}
