/** What an instance runs. */
export const PROCESS_ROLES = {
  /** Everything in one process; the only role that the embedded database allows. */
  all: { slack: true, webhooks: true, work: true },
  /** Takes webhooks, commands and clicks; hands the work on. */
  web: { slack: true, webhooks: true, work: false },
  /** Does the work; serves health and metrics only. */
  worker: { slack: false, webhooks: false, work: true },
} as const satisfies Record<string, ProcessRole>;

export interface ProcessRole {
  slack: boolean;
  webhooks: boolean;
  work: boolean;
}

export type ProcessRoleName = keyof typeof PROCESS_ROLES;
