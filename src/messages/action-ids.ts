/** The names of our buttons, shared by those who draw them and those who answer them. */
export const ACTION = {
  reanalyze: 'reanalyze',
  viewRun: 'view-run',
  homePage: 'home-page',
  feedback: 'feedback',
  editSettings: 'edit-settings',
  editRule: 'edit-rule',
  deleteRule: 'delete-rule',
} as const;

/** The names of our windows, likewise. */
export const VIEW = {
  settings: 'settings',
  feedbackReason: 'feedback-reason',
  rule: 'rule',
} as const;

/** A button that stands several times in one view gets its own tail: `view-run:TAIL`. */
export function actionIdWith(name: string, tail: string | number): string {
  return `${name}:${tail}`;
}
