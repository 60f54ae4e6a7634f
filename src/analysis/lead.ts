/**
 * What a tool puts before each line of another's output, and which belongs to the log: the time stamps of Jenkins, the time and
 * host of syslog, the service of docker compose.
 */
const LEAD =
  /^(?:\[\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?Z?\] |\d\d:\d\d:\d\d(?:[.,]\d{1,6})? |[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d [\w.-]{1,64} [\w./-]{1,64}(?:\[\d{1,8}\])?: |[a-z][\w.-]{0,60}[_-]\d{1,4} {1,30}\| )/u;
/** `[linux] `: Jenkins names the branch of a parallel build. So do levels and results look, which mean something. */
const BRANCH =
  /^\[(?!(?:INFO|ERROR|WARN|WARNING|DEBUG|FATAL|TRACE|FAIL|FAILED|FAILURE|PASS|OK|RUN)\])\w[\w .:/-]{0,40}\] (?=\S)/iu;

/** The line as the tool that failed printed it; the line itself where nothing stands before it. */
export function withoutLead(text: string): string {
  const lead = LEAD.exec(text);
  return lead === null ? text : text.slice(lead[0].length);
}

/** The same without the branch, for asking only: what looks like one can be the tool's own. */
export function withoutBranch(text: string): string {
  const bare = withoutLead(text);
  const branch = BRANCH.exec(bare);
  return branch === null ? bare : bare.slice(branch[0].length);
}
