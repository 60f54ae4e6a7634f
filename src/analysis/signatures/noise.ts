/** What looks like a failure and is none, with the factor that its score is multiplied by. */
export interface Noise {
  readonly literals: readonly string[];
  readonly pattern: RegExp;
  readonly factor: number;
}

/** Downloads, progress, passing tests, framework frames, set-up warnings and clean-up. Patterns see scored lines only. */
export const NOISE: readonly Noise[] = [
  {
    literals: [
      'failures: 0',
      '0 fail',
      '0 error',
      ' 0 failed',
      'errors: 0',
      'no error',
      'without error',
      'error-free',
      '0 problems',
      'failed: 0',
      '0 failing',
      'failed=0',
    ],
    pattern:
      /Failures: 0, {1,2}Errors: 0|\b(?:0|no) (?:errors?|fail(?:ed|ures?|ing)?|problems?|warnings?)\b(?!.{0,60}\b[1-9]\d{0,6} (?:errors?|fail))|without (?:any )?errors?|(?:errors|failed|failures)[:=] ?0\b(?!.{0,40}(?:errors|failed|failures)[:=] ?[1-9])/iu,
    factor: 0.08,
  },
  {
    literals: [' ok', 'passed', '✓', '✔', 'success', 'pass:', '[pass', '... ok', '[ok]', '√'],
    pattern:
      /^\s{0,24}(?:[✓✔√]|ok \d|PASS\b|\[\s{0,3}(?:OK|PASS(?:ED)?)\s{0,3}\])|\.\.\. ?ok$| \[?(?:PASSED|OK|passed)\]?$|\bsuccess(?:ful(?:ly)?)?\b/u,
    factor: 0.15,
  },
  {
    literals: [
      'download',
      'fetching',
      'get:',
      'receiving',
      'resolving',
      'compiling ',
      'installing ',
      'unpacking',
      'extracting',
      'setting up',
      'selecting',
      'preparing',
      'using ',
      'collecting',
      'cached',
      'checking',
      'linking',
      'copying',
      'building ',
      'processing',
    ],
    pattern:
      /^\s{0,12}(?:\[\w{1,8}\] )?(?:Download(?:ing|ed)|Fetching|Get:\d|Receiving|Resolving|Compiling|Installing|Unpacking|Extracting|Setting up|Selecting|Preparing|Using|Collecting|Requirement already|Checking (?:for|if|whether)|checking (?:for|if|whether|how)|Linking|Copying|Building|Processing|Adding|remote:|inflating:|creating|copying|adding)\b/u,
    factor: 0.12,
  },
  {
    literals: [
      'node_modules/',
      'internal/',
      'site-packages',
      '/gems/',
      'org.junit',
      'java.base',
      'sun.reflect',
      'java.lang.reflect',
      'org.apache.maven',
      'org.gradle',
      'dist-packages',
      'rustc/',
      'scala.collection',
      'springframework',
      'jdk.internal',
      'node:internal',
      '/go/src/',
      '/.cargo/registry',
      'system.',
      'xunit.',
    ],
    pattern:
      /^\s{0,24}(?:at |from |\d{1,4}: |in )?.{0,40}(?:node_modules\/|node:internal|\(internal\/|org\.junit\.|java\.base\/|sun\.reflect|java\.lang\.reflect|org\.apache\.maven|org\.gradle|jdk\.internal|springframework|\/gems\/|System\.Runtime)/u,
    factor: 0.5,
  },
  { literals: ['deprecat'], pattern: /deprecat/iu, factor: 0.3 },
  {
    literals: ['npm warn', 'warning '],
    pattern:
      /^(?:npm (?:WARN|warn)|yarn warn|warning |WARNING: (?:Running pip|You are using pip|The script)|\[WARN(?:ING)?\]|##\[warning\]|W: |warn(?:ing)?[ :])/u,
    factor: 0.3,
  },
  {
    literals: ['post job cleanup', 'cleaning up orphan', 'post run '],
    pattern: /Post job cleanup|Cleaning up orphan|Post Run /u,
    factor: 0,
  },
  {
    literals: ['##[group]', '##[endgroup]', '##[command]', '##[debug]', '##[section]'],
    pattern: /^##\[(?:group|endgroup|command|debug|section)\]/u,
    factor: 0.15,
  },
  { literals: ['[command]'], pattern: /^\[command\]/u, factor: 0.2 },
  { literals: ['$ ', '+ '], pattern: /^(?:\$|\+{1,4}) \S/u, factor: 0.35 },
  {
    literals: [
      'error_',
      'errors.',
      '/error',
      '-error',
      'error-',
      '.error',
      'error/',
      'errorhandler',
      'fail-fast',
      'fail_',
      'failfast',
      'fail-on',
      '--fail',
      'exceptions.',
      'exception.',
      'failure-',
      '-werror',
      'continue-on-error',
      'ignore-',
      'onerror',
      'if-no-files-found',
      'failover',
      'error.',
      'errors/',
      'errorprone',
    ],
    pattern:
      /(?:[\w-]{2,60}[/.:-]|--)(?:errors?|exceptions?|fail(?:ed|ure|fast)?)[\w-]{0,40}(?:\.\w{1,6}|\/|\s|$|=)|continue-on-error|if-no-files-found|fail-fast|-Werror|(?:errors?|exceptions?)[-_/.]\w/iu,
    factor: 0.45,
  },
  {
    literals: [
      '(known)',
      '(expected failure',
      'xfail',
      'skipped',
      'retrying',
      'ignoring',
      'ignored',
      'allowed to fail',
      'will retry',
      'known issue',
      'continuing',
    ],
    pattern:
      /\bxfail(?:ed)?\b|expected failures?|\bskipp(?:ed|ing)\b|\bignor(?:ed|ing)\b|allowed to fail|will retry|known issue/iu,
    factor: 0.3,
  },
  {
    literals: ['rvm', 'gimme', 'travis', 'apt-get', 'no repository key', 'gpg: '],
    pattern: /^(?:gpg: |W: GPG|Warning: (?:RVM|apt-key)|travis_)|\/(?:rvm|\.travis)\//u,
    factor: 0.4,
  },
  {
    literals: ['debug', 'trace', 'info'],
    pattern: /^(?:\S{0,30} ){0,4}\[?(?:DEBUG|TRACE|INFO|debug|trace)\]?[: \]|]/u,
    factor: 0.7,
  },
];
