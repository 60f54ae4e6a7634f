import { defineEntity, p } from '@mikro-orm/core';

const GitHubAppSchema = defineEntity({
  name: 'GitHubApp',
  tableName: 'github_apps',
  uniques: [{ name: 'github_apps_number', properties: ['number'] }],
  properties: {
    /** The empty text for the server at home. */
    host: p.text().primary(),
    /** Stands above the server's own numbers wherever one is kept, so it is never given to another server. */
    number: p.integer(),
    apiUrl: p.text(),
    webUrl: p.text(),
    logHosts: p.json().$type<string[]>(),
    slug: p.text(),
    keyId: p.text(),
    sealedKeys: p.blob(),
    createdAt: p.datetime().defaultRaw('now()'),
    updatedAt: p.datetime().defaultRaw('now()'),
  },
});

/** The GitHub App that was set up on a server, with its encrypted keys. */
export class GitHubApp extends GitHubAppSchema.class {}
GitHubAppSchema.setClass(GitHubApp);
