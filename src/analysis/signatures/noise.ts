/** What looks like a failure and is none, with the factor that its score is multiplied by. */
export interface Noise {
  readonly pattern: RegExp;
  readonly factor: number;
}

/** Downloads, progress, passing tests, framework frames, set-up warnings and clean-up. Patterns see scored lines only. */
export const NOISE: readonly Noise[] = [
  { pattern: /^hint: /u, factor: 0.3 },
  { pattern: /^Complete job name: |^Job is about to start/u, factor: 0 },
  {
    pattern:
      /Failures: 0, {1,2}Errors: 0|\b(?:0|no) (?:errors?|fail(?:ed|ures?|ing)?|problems?|warnings?)\b(?!.{0,60}\b[1-9]\d{0,6} (?:errors?|fail))|without (?:any )?errors?|(?:errors|failed|failures)[:=] ?0\b(?!.{0,40}(?:errors|failed|failures)[:=] ?[1-9])/iu,
    factor: 0.08,
  },
  {
    pattern:
      /^\s{0,24}(?:[✓✔√]|ok \d|PASS\b|\[\s{0,3}(?:OK|PASS(?:ED)?)\s{0,3}\])|\.\.\. ?ok$| \[?(?:PASSED|OK|passed)\]?$|\bsuccess(?:ful(?:ly)?)?\b/u,
    factor: 0.15,
  },
  {
    pattern:
      /^\s{0,12}(?:\[\w{1,8}\] )?(?:Download(?:ing|ed)|Fetching|Get:\d|Receiving|Resolving|Compiling|Installing|Unpacking|Extracting|Setting up|Selecting|Preparing|Using|Collecting|Requirement already|Checking (?:for|if|whether)|checking (?:for|if|whether|how)|Linking|Copying|Building|Processing|Adding|(?:ℹ )?Finding|Starting (?:process|daemon|server|container)|remote:|inflating:|creating|copying|adding)\b/u,
    factor: 0.12,
  },
  {
    pattern:
      /^\s{0,24}(?:at |from |\d{1,4}: |in )?.{0,40}(?:node_modules\/|node:internal|\(internal\/|org\.junit\.|java\.base\/|sun\.reflect|java\.lang\.reflect|org\.apache\.maven|org\.gradle|jdk\.internal|springframework|\/gems\/|System\.Runtime)/u,
    factor: 0.5,
  },
  { pattern: /deprecat/iu, factor: 0.3 },
  {
    pattern:
      /^(?:npm (?:WARN|warn)|yarn warn|warning |WARNING: (?:Running pip|You are using pip|The script)|\[WARN(?:ING)?\]|##\[warning\]|W: |warn(?:ing)?[ :])/u,
    factor: 0.3,
  },
  {
    pattern: /Post job cleanup|Cleaning up orphan|Post Run /u,
    factor: 0,
  },
  {
    pattern: /^##\[(?:group|endgroup|command|debug|section)\]/u,
    factor: 0.15,
  },
  { pattern: /^\[command\]/u, factor: 0.2 },
  // What is run or tidied up, not what came of it.
  {
    pattern:
      /^\s{0,8}(?:gcc|g\+\+|cc|clang\+{0,2}|c\+\+|javac|libtool:|\/bin\/(?:ba)?sh|Running `|Removing|Deleting|rm )\b/u,
    factor: 0.25,
  },
  { pattern: /^\s{1,8}\d{1,6}:\d{1,5}\s{1,8}(?:⚠ {1,4})?warn(?:ing)?\b/u, factor: 0.3 },
  // A setting, not an event.
  { pattern: /\btime-?outs?(?: \(\w{1,12}\))?["']?\s{0,3}[:=]\s{0,3}[\d.]{1,12}/iu, factor: 0.2 },
  { pattern: /^(?:\$|\+{1,4}) \S/u, factor: 0.35 },
  {
    pattern:
      /(?<=[\w-]{2}[/.:-]|--)(?:errors?|exceptions?|fail(?:ed|ure|fast)?)[\w-]{0,40}(?:\.\w{1,6}|\/|\s|$|=)|continue-on-error|if-no-files-found|fail-fast|-Werror|(?:errors?|exceptions?)[-_/.]\w/iu,
    factor: 0.45,
  },
  {
    pattern:
      /\bxfail(?:ed)?\b|expected failures?|\bskipp(?:ed|ing)\b|\bignor(?:ed|ing)\b|allowed to fail|will retry|known issue/iu,
    factor: 0.3,
  },
  {
    pattern: /^(?:gpg: |W: GPG|Warning: (?:RVM|apt-key)|travis_)|\/(?:rvm|\.travis)\//u,
    factor: 0.4,
  },
  {
    pattern: /^(?:\S{0,30} ){0,4}\[?(?:DEBUG|TRACE|INFO|debug|trace)\]?[: \]|]/u,
    factor: 0.7,
  },
  // What is said after any failure: where to look, and what could not be saved.
  {
    pattern:
      /\bif (?:your|the|this) (?:build|job|test|run)\b.{0,20}\bfails?\b|(?:see|check|look at) (?:the )?(?:step )?logs? (?:above|below|for)|\b(?:failures?|errors?)(?:\s{2,40}|\t)0$|(?:fail(?:ed|ure)|unable|could not|cannot).{0,30}\b(?:upload|save|store|write|restore)\b.{0,40}\b(?:artifacts?|reports?|cache|coverage|metrics|statistics)\b|\b(?:cache|storage) write\b.{0,20}\bfailed/iu,
    factor: 0.3,
  },
  // What a runner's own wrapper says of the script that it ran: that it failed, and not why.
  {
    pattern: /^##\[error\].{0,60}(?:\b[Ss]cript (?:exited|failed) with|container implementation failed)/u,
    factor: 0.4,
  },
  // What a build tool advises after any failure.
  {
    pattern:
      /^\[ERROR\] (?:\[Help \d{1,3}\] http|-> \[Help \d|Re-run Maven|To see the full stack trace|For more information about the errors|After correcting the problems|  mvn <)/u,
    factor: 0.3,
  },
  // A field of an object that was printed whole: its name is no event.
  {
    pattern:
      /^\s{1,60}['"]?[\w$-]{1,60}['"]?: (?:\[\w{1,20}(?::? [^\]]{1,60})?\]|\{\}|\[\]|undefined|null|true|false|''|""),?$/u,
    factor: 0.25,
  },
  // The help of a command: what an option would do.
  { pattern: /^\s{1,24}(?:-\w, ?)?--?[a-z][\w-]{1,40}(?:[ =](?:\[|<|[A-Z]{2})|\s{2}|$)/u, factor: 0.3 },
  // A test begins, whatever its name tells of.
  { pattern: /^(?:# ?)?(?:Starting|Running|Executing|Begin(?:ning)?) [Tt]est(?: case)?\b(?!s? failed)/u, factor: 0.25 },
];
