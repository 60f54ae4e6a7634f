import { Migration } from '@mikro-orm/migrations';

export class Migration20261128132308_happenings extends Migration {
  override name = 'Migration20261128132308_happenings';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "happenings" ("id" uuid not null, "workspace_id" text not null, "repository" text not null, "kind" text not null, "subject" text not null, "place" text not null, "rank" bigint not null, "facts" jsonb not null, "updated_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(
      `create index "happenings_subject" on "happenings" ("workspace_id", "repository", "kind", "subject", "rank");`,
    );
    this.addSql(
      `create index "happenings_place" on "happenings" ("workspace_id", "repository", "kind", "place", "rank");`,
    );

    this.addSql(
      `create table "held_happenings" ("workspace_id" text not null, "happening_id" uuid not null, "channel_id" text not null, "occasion" text not null, "due_at" timestamptz null, "list_id" uuid null, primary key ("workspace_id", "happening_id", "channel_id"));`,
    );
    this.addSql(
      `create index "held_happenings_due" on "held_happenings" ("workspace_id", "channel_id", "due_at") where list_id is null;`,
    );
    this.addSql(`create index "held_happenings_list" on "held_happenings" ("list_id") where list_id is not null;`);

    this.addSql(
      `create table "run_environments" ("workspace_id" text not null, "repository" text not null, "run_id" bigint not null, "environment" text not null, primary key ("workspace_id", "repository", "run_id", "environment"));`,
    );

    this.addSql(`alter table "posts" add "shown" text null;`);

    this.addSql(`create index "runs_of_commit" on "runs" ("workspace_id", "repository", "head_sha");`);

    this.addSql(
      `alter table "held_happenings" add constraint "held_happenings_happening_id_foreign" foreign key ("happening_id") references "happenings" ("id") on delete cascade;`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "held_happenings" drop constraint "held_happenings_happening_id_foreign";`);

    this.addSql(`drop table if exists "happenings" cascade;`);
    this.addSql(`drop table if exists "held_happenings" cascade;`);
    this.addSql(`drop table if exists "run_environments" cascade;`);

    this.addSql(`alter table "posts" drop column "shown";`);

    this.addSql(`drop index "runs_of_commit";`);
  }
}
