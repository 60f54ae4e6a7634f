import type { LocalSlack, LocalSlackOptions } from './contract.ts';

export type * from './contract.ts';

/** Starts a local Slack on loopback: its Web API, its install page, its client page, and a driver that acts as people do. */
export type CreateLocalSlack = (options: LocalSlackOptions) => Promise<LocalSlack>;
