/** Where CI systems put the checkout, each ending right before the repository's own folders. */
const CHECKOUTS: readonly RegExp[] = [
  // GitHub Actions, on its machines and in containers; Azure Pipelines calls the folders 1/s
  /(?:\/home|\/Users)\/[\w.-]{1,60}\/(?:actions-runner\/_)?work\/[\w.-]{1,100}\/[\w.-]{1,100}\//u,
  /[A-Z]:[\\/](?:actions-runner[\\/])?(?:a|_work)[\\/][\w.-]{1,100}[\\/][\w.-]{1,100}[\\/]/u,
  /\/[a-z]\/a\/[\w.-]{1,100}\/[\w.-]{1,100}\//u,
  /\/__w\/[\w.-]{1,100}\/[\w.-]{1,100}\//u,
  /\/github\/workspace\//u,
  // Travis, GitLab, Jenkins, CircleCI, Buildkite, Bitbucket, AppVeyor, Cirrus, Drone
  /\/(?:home|Users)\/travis\/(?:build|gopath\/src\/[\w.-]{1,60})\/[\w.-]{1,100}\/[\w.-]{1,100}\//u,
  /\/builds\/[\w.-]{1,100}\/[\w.-]{1,100}\//u,
  /\/(?:var\/lib\/jenkins|var\/jenkins_home|home\/jenkins(?:\/agent)?|opt\/jenkins)\/workspace\/[\w.@%+-]{1,160}\//u,
  /\/(?:home\/circleci|root)\/project\//u,
  /\/var\/lib\/buildkite-agent\/builds\/[\w.-]{1,100}\/[\w.-]{1,100}\/[\w.-]{1,100}\//u,
  /\/opt\/atlassian\/pipelines\/agent\/build\//u,
  /[A-Z]:\\projects\\[\w.-]{1,100}\\/u,
  /\/tmp\/cirrus-ci-build\//u,
  /\/drone\/src\//u,
];
const CHECKOUT = new RegExp(`(?:${CHECKOUTS.map(({ source }) => source).join('|')})`, 'gu');

/** Takes off where the runner has put the checkout: it says nothing, and differs between runners. */
export function withoutCheckout(text: string): string {
  return text.replaceAll(CHECKOUT, '');
}

/** A file as the repository knows it. */
export function shortPath(file: string): string {
  return withoutCheckout(file).replace(/^\.[\\/]/u, '');
}
