import { Migration } from '@mikro-orm/migrations';

export class Migration20261128163026_gaps extends Migration {
  override name = 'Migration20261128163026_gaps';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "delivery_walks" ("name" text not null, "seen_until" timestamptz null, "cursor" text null, "started_at" timestamptz null, "holder" uuid null, primary key ("name"));`,
    );

    this.addSql(
      `create table "gaps" ("key" text not null, "kind" text not null, "list" text null, "state" text not null default 'open', "installation_id" bigint null, "repository" text null, "event" text null, "action" text null, "try_id" text null, "answer" text not null, "failed_at" timestamptz not null, "last_failed_at" timestamptz not null, "asks" int not null default 0, "asked_at" timestamptz null, "settled_at" timestamptz null, primary key ("key"));`,
    );
    this.addSql(`create index "gaps_open" on "gaps" ("failed_at") where state = 'open';`);
    this.addSql(`create index "gaps_last_failed" on "gaps" ("last_failed_at");`);

    this.addSql(
      `create table "run_looks" ("workspace_id" text not null, "repository" text not null, "seen_until" timestamptz not null, "looked_at" timestamptz not null, "mark" text null, primary key ("workspace_id", "repository"));`,
    );

    this.addSql(`alter table "gaps" add constraint "gaps_kind_check" check ("kind" in ('delivery', 'run', 'period'));`);
    this.addSql(
      `alter table "gaps" add constraint "gaps_state_check" check ("state" in ('open', 'recovered', 'lost'));`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "delivery_walks" cascade;`);
    this.addSql(`drop table if exists "gaps" cascade;`);
    this.addSql(`drop table if exists "run_looks" cascade;`);
  }
}
