import { Migration } from '@mikro-orm/migrations';

export class Migration20261128160452_ci_sources extends Migration {
  override name = 'Migration20261128160452_ci_sources';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "ci_sources" ("id" uuid not null, "workspace_id" text not null, "name" text not null, "log_hosts" jsonb not null, "secret_key_id" text not null, "sealed_secret" bytea not null, "created_at" timestamptz not null default now(), "revoked_at" timestamptz null, primary key ("id"));`,
    );
    this.addSql(`create index "ci_sources_name" on "ci_sources" ("workspace_id", "name");`);

    this.addSql(
      `create table "reported_jobs" ("workspace_id" text not null, "repository" text not null, "job_id" bigint not null, "run_id" bigint not null, "attempt" int not null, "event_id" uuid not null, "position" int not null, "name" text not null, "conclusion" text null, "url" text not null, primary key ("workspace_id", "repository", "job_id"));`,
    );
    this.addSql(
      `create index "reported_jobs_run" on "reported_jobs" ("workspace_id", "repository", "run_id", "attempt");`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "ci_sources" cascade;`);
    this.addSql(`drop table if exists "reported_jobs" cascade;`);
  }
}
