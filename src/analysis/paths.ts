const CHECKOUT =
  /(?:\/home\/[\w.-]{1,60}\/work\/[\w.-]{1,100}\/[\w.-]{1,100}\/|\/Users\/[\w.-]{1,60}\/work\/[\w.-]{1,100}\/[\w.-]{1,100}\/|[A-Z]:\\a\\[\w.-]{1,100}\\[\w.-]{1,100}\\|\/__w\/[\w.-]{1,100}\/[\w.-]{1,100}\/|\/(?:home|Users)\/travis\/build\/[\w.-]{1,100}\/[\w.-]{1,100}\/|\/builds\/[\w.-]{1,100}\/[\w.-]{1,100}\/)/gu;

/** Takes off where the runner has put the checkout: it says nothing, and differs between runners. */
export function withoutCheckout(text: string): string {
  return text.replaceAll(CHECKOUT, '');
}

/** A file as the repository knows it. */
export function shortPath(file: string): string {
  return withoutCheckout(file).replace(/^\.\//u, '');
}
