/** What a person says about colours goes before what the terminal can do: force-color.org, no-color.org. */
export function wantedColour({ FORCE_COLOR, NO_COLOR, TERM }: NodeJS.ProcessEnv): { colour?: boolean } {
  if (FORCE_COLOR !== undefined) return { colour: FORCE_COLOR !== '0' && FORCE_COLOR !== 'false' };
  return (NO_COLOR ?? '') !== '' || TERM === 'dumb' ? { colour: false } : {};
}
