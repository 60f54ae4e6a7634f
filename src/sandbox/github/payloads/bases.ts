/** Where this GitHub answers: web pages and REST API. Every link in a payload starts with one of them. */
export interface Bases {
  web: string;
  api: string;
}

/** GitHub's opaque ids: a short kind and base64 of the number. */
export const nodeId = (kind: string, id: number): string =>
  `${kind}_${Buffer.from(`0:${kind}${id}`).toString('base64url')}`;
