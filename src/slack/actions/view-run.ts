/** A click on a button that opens a page. Slack tells us of it and wants it acknowledged, which it is; nothing follows. */
export async function viewRun(): Promise<void> {}
