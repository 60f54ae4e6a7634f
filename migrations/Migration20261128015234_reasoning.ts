import { Migration } from '@mikro-orm/migrations';

/** Model calls and what they may cost, what people think of summaries, and what admins decided. */
export class Migration20261128015234_reasoning extends Migration {
  override name = 'Migration20261128015234_reasoning';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "model_budgets" ("workspace_id" text not null, "month" date not null, "spent_micro_usd" bigint not null default '0', "reserved_micro_usd" bigint not null default '0', "calls" int not null default 0, "warned_at" timestamptz null, "exhausted_at" timestamptz null, primary key ("workspace_id", "month"));`,
    );

    this.addSql(
      `create table "settings" ("workspace_id" text not null, "key" text not null, "value" jsonb not null, "updated_at" timestamptz not null default now(), primary key ("workspace_id", "key"));`,
    );

    this.addSql(
      `create table "model_calls" ("id" uuid not null, "workspace_id" text not null, "number" int not null, "month" date not null, "request_key" text not null, "repository" text not null, "run_id" bigint not null, "attempt" int not null, "fingerprint" text not null, "provider" text not null, "model" text not null, "answered_by" text null, "prompt_version" text not null, "estimate_micro_usd" bigint not null, "cost_micro_usd" bigint not null default '0', "input_tokens" int not null default 0, "output_tokens" int not null default 0, "cached_tokens" int not null default 0, "first_token_ms" int null, "total_ms" int null, "outcome" text not null, "fallback_reason" text null, "problem" text null, "reply" jsonb null, "prompt" text null, "prompt_delete_after" timestamptz null, "summary_id" uuid null, "created_at" timestamptz not null default now(), "settled_at" timestamptz null, "expires_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(`create index "model_calls_summary" on "model_calls" ("summary_id");`);
    this.addSql(`create index "model_calls_number" on "model_calls" ("number", "workspace_id");`);
    this.addSql(`create index "model_calls_month" on "model_calls" ("month", "workspace_id");`);
    this.addSql(`create index "model_calls_late" on "model_calls" ("expires_at") where outcome = 'reserved';`);
    this.addSql(
      `create index "model_calls_prompt" on "model_calls" ("prompt_delete_after") where prompt_delete_after is not null;`,
    );
    this.addSql(`create index "model_calls_created" on "model_calls" ("created_at");`);
    this.addSql(
      `create unique index "model_calls_request" on "model_calls" ("workspace_id", "request_key") where outcome = 'reserved' or outcome = 'answered';`,
    );

    this.addSql(
      `create table "feedback" ("summary_id" uuid not null, "user_id" text not null, "workspace_id" text not null, "opinion" text not null, "reason" text null, "given_at" timestamptz not null default now(), primary key ("summary_id", "user_id"));`,
    );
    this.addSql(`create index "feedback_given" on "feedback" ("workspace_id", "given_at");`);

    this.addSql(
      `alter table "model_calls" add constraint "model_calls_summary_id_foreign" foreign key ("summary_id") references "summaries" ("id") on delete set null;`,
    );
    this.addSql(
      `alter table "model_calls" add constraint "model_calls_outcome_check" check ("outcome" in ('reserved', 'answered', 'unsound', 'failed', 'abandoned'));`,
    );

    this.addSql(
      `alter table "feedback" add constraint "feedback_summary_id_foreign" foreign key ("summary_id") references "summaries" ("id") on delete cascade;`,
    );
    this.addSql(`alter table "feedback" add constraint "feedback_opinion_check" check ("opinion" in ('up', 'down'));`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "model_budgets" cascade;`);
    this.addSql(`drop table if exists "settings" cascade;`);
    this.addSql(`drop table if exists "model_calls" cascade;`);
    this.addSql(`drop table if exists "feedback" cascade;`);
  }
}
