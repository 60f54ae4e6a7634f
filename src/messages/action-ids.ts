/** The names of our buttons, shared by those who draw them and those who answer them. */
export const ACTION = {
  reanalyze: 'reanalyze',
  fullAnalysis: 'full-analysis',
  viewRun: 'view-run',
  homePage: 'home-page',
  feedback: 'feedback',
  editSettings: 'edit-settings',
  editReruns: 'edit-reruns',
  editAnswers: 'edit-answers',
  editRule: 'edit-rule',
  deleteRule: 'delete-rule',
  newRule: 'new-rule',
  keepRule: 'keep-rule',
  dropRule: 'drop-rule',
  explainFile: 'explain-rule-file',
  acknowledge: 'acknowledge',
  rerun: 'rerun',
  failureMenu: 'failure-menu',
  split: 'split',
  createIssue: 'create-issue',
  viewIssue: 'view-issue',
  showListed: 'show-listed',
  unlinkAccounts: 'unlink-accounts',
  connectGitHub: 'connect-github',
  disconnectGitHub: 'disconnect-github',
} as const;

/** The names of what stands in the menu of every message. */
export const SHORTCUT = { summarizeRun: 'summarize-run' } as const;

/** The names of our windows, likewise. */
export const VIEW = {
  settings: 'settings',
  reruns: 'reruns',
  answers: 'answers',
  feedbackReason: 'feedback-reason',
  rule: 'rule',
  ruleCheck: 'rule-check',
  assign: 'assign',
  snooze: 'snooze',
  markFlaky: 'mark-flaky',
  reanalyze: 'reanalyze',
  merge: 'merge',
  createIssue: 'create-issue',
} as const;

/** What the menu of a failure offers; the failure's id follows, `assign:ID`. */
export const MENU_CHOICE = {
  assign: 'assign',
  snooze: 'snooze',
  markFlaky: 'mark-flaky',
  unmarkFlaky: 'unmark-flaky',
  merge: 'merge',
  rerunWithDebug: 'rerun-with-debug',
} as const;

/** A button that stands several times in one view gets its own tail: `view-run:TAIL`. */
export function actionIdWith(name: string, tail: string | number): string {
  return `${name}:${tail}`;
}
