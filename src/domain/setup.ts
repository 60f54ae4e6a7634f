import { z } from 'zod';
import type { GitHubAppKeys } from './github-apps.ts';

// How the GitHub App of a server is created, by a person whom GitHub lets create one.

/** What the App may do: read; run failed jobs again and create issues as well; or answer on commits and pull requests, too. */
export const APP_TIERS = ['read-only', 'actions', 'answers'] as const;
export type AppTier = (typeof APP_TIERS)[number];

/** Which App is to be created. An operator has decided it: none of it comes from a browser. */
export const SetupPlan = z.object({
  webUrl: z.url().max(200),
  apiUrl: z.url().max(200),
  logHosts: z.array(z.string().max(100)).max(10),
  /** Whose App it becomes; null for the person's own. */
  organization: z
    .string()
    .regex(/^[\w-]{1,39}$/u)
    .nullable(),
  tier: z.enum(APP_TIERS),
  /** Whether others than its owner may install it. */
  isPublic: z.boolean(),
});
export type SetupPlan = z.infer<typeof SetupPlan>;

/** Our own addresses, as the App is told them. */
export interface OwnAddresses {
  publicUrl: string;
  /** Where GitHub sends the person back to once the App is there. */
  createdUrl: string;
}

/** What the person's browser posts to GitHub. */
export interface SetupForm {
  action: string;
  manifest: string;
  /** For the page: each permission with its level. */
  permissions: Readonly<Record<string, string>>;
}

export interface CreatedApp {
  slug: string;
  /** Who owns it on GitHub. */
  owner: string;
  keys: GitHubAppKeys;
}

export interface GitHubSetup {
  form(plan: SetupPlan, own: OwnAddresses, state: string): SetupForm;
  /** The App that GitHub has created for this code; null where it does not take the code. Throws GitHubUnavailableError. */
  exchange(plan: SetupPlan, code: string, signal: AbortSignal): Promise<CreatedApp | null>;
}
