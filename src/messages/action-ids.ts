/** The names of our buttons, shared by those who draw them and those who answer them. */
export const ACTION = {
  reanalyze: 'reanalyze',
  viewRun: 'view-run',
  homePage: 'home-page',
} as const;

/** A button that stands several times in one view gets its own tail: `view-run:TAIL`. */
export function actionIdWith(name: string, tail: string | number): string {
  return `${name}:${tail}`;
}
