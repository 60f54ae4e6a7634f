import type { Known } from './known.ts';

/** Linters, formatters, link checkers and other checks that do not belong to one language. */
export const CHECKS: readonly Known[] = [
  {
    pattern: /Code style issues (?:found|fixed)? ?(?:in (?<files>(?:\d{1,5} files)|the above file))?/u,
    headline: 'Prettier would change files',
    cause: 'They are not formatted as the project asks for.',
    next: 'Format them and commit the result: npx prettier --write .',
    weight: 7,
  },
  {
    pattern: /[✖✗×x] (?<count>\d{1,6}) problems? \((?<errors>\d{1,6}) errors?/u,
    headline: 'The linter finds {errors#error}',
    cause: 'The log gives for each of them the file, line and rule.',
    next: 'Run the linter locally; many can be corrected by itself with: npx eslint --fix .',
    weight: 5,
  },
  {
    pattern: /(?<count>\d{1,6}) files? inspected, (?<offenses>\d{1,6}) offenses? detected/u,
    headline: 'RuboCop finds {offenses#offense}',
    cause: 'The log gives for each of them the file, line and rule.',
    next: 'Correct what can be corrected by itself with: bundle exec rubocop -a',
    weight: 5,
  },
  {
    pattern: /^(?:Diff in|\+\+\+) (?<file>[\w./-]{1,200}\.rs)(?: at line |:)(?<row>\d{1,6})/u,
    headline: 'rustfmt would change {file}',
    cause: 'The file is not formatted as the project asks for.',
    next: 'Format it and commit the result: cargo fmt --all',
    weight: 8.5,
  },
  {
    pattern:
      /(?<![\w./-])(?<file>[\w./-]{1,200}\.go)(?::\d{1,6}){0,2}:? ?(?:file|File) is not [`'"]?(?<tool>gofmt|goimports|gofumpt|gci)/u,
    headline: '{tool} would change {file}',
    cause: 'The file is not formatted as the project asks for.',
    next: 'Format it and commit the result: {tool|gofmt} -w {file|.}',
    weight: 8.5,
  },
  {
    pattern: /ktlint|Lint error > \[(?<rule>[\w:-]{2,60})\]/u,
    headline: 'ktlint finds style errors',
    cause: 'The style of the Kotlin code is not the one that the project asks for.',
    next: 'Correct what can be corrected by itself with: ./gradlew ktlintFormat',
    weight: 3,
  },
  {
    pattern: /^In (?<file>\S{1,200}) line (?<row>\d{1,6}):$/u,
    headline: 'ShellCheck finds a problem in {file}, line {row}',
    cause: 'The message below the line says what a shell would read otherwise than meant.',
    next: 'Correct it and check again: shellcheck {file|SCRIPT}',
    weight: 9,
  },
  {
    pattern:
      /^(?:✖\s{1,4})?(?<what>(?:subject|type|header|body|scope|footer)[\w -]{0,20} (?:may|must|should) .{3,100})/u,
    headline: 'The commit message breaks a rule: {what}',
    cause: 'commitlint checks the form of messages, and one of the branch does not have it.',
    next: 'Reword the commit, for example with: git commit --amend',
    weight: 8.5,
  },
  {
    pattern: /^(?:✖\s{1,4})?found (?<count>\d{1,4}) problems?/u,
    headline: 'commitlint refuses a commit message',
    cause: 'The form of the message is not the one that the project asks for.',
    next: 'Reword the commit, for example with: git commit --amend',
    weight: 4,
  },
  {
    pattern: /^\s{0,4}(?:\[✖\]|\[(?:ERROR|TIMEOUT|4\d\d|5\d\d)\]) \[?<?(?<url>https?:\/\/[^\s\]>]{4,150})/u,
    headline: 'The link checker finds a dead link: {url}',
    cause: 'The address did not answer, or answered that nothing is there.',
    next: 'Correct or remove the link; if the site was only away for a while, re-run the job.',
    weight: 7.5,
  },
  {
    pattern:
      /^\d{1,4}\. (?:\[L(?<row>\d{1,6})\] {1,4})?(?<status>[45]\d\d )?(?<url>https?:\/\/\S{4,120})(?=\s|$)(?! →)/u,
    headline: 'The link checker stops at {url}',
    cause: 'The checker could not open the address as the page gives it.',
    next: 'Open it by hand: correct or remove the link if it is dead; re-run the job if the site was only away.',
    weight: 9.5,
  },
  {
    pattern: /^\d{1,4}\. (?:\[L\d{1,6}\] {1,4})?30[1278] (?<url>https?:\/\/\S{4,120}) {1,4}→/u,
    headline: 'The link checker reports a redirect: {url}',
    cause: 'The address still answers, but sends visitors on to another one, which the checker counts as a fault here.',
    next: 'Put the new address into the page, or let the checker accept redirects.',
    weight: 6,
  },
  {
    pattern:
      /external link (?<url>https?:\/\/\S{4,150}) failed|internally linking to (?<path>\S{1,150}),? which does not exist/iu,
    headline: 'The link checker finds a dead link: {url|within the site}',
    cause: 'Nothing answers at the address that a page links to.',
    next: 'Correct or remove the link; if the site was only away for a while, re-run the job.',
    weight: 7.5,
  },
  {
    pattern:
      /(?:\((?<file>[\w./-]{3,150})\): )?(?:found character that cannot start any token|did not find expected (?<what>[\w' ,<>-]{3,40})|mapping values are not allowed|found duplicate key "?(?<key>[\w.-]{1,60})|could not find expected ':')/u,
    headline: '{file|A YAML file} cannot be read: its YAML is not valid',
    cause: 'The indentation, a quote or a colon is not where YAML expects it.',
    next: 'Correct the file at the line that the log names; yamllint checks it locally.',
    weight: 6.5,
  },
  {
    pattern:
      /(?:Unexpected (?:token|end|string|non-whitespace)|Expecting property name|Trailing comma).{0,60}JSON|JSON\.parse|JSONDecodeError|is not valid JSON/u,
    headline: 'Something that should be JSON cannot be read',
    cause: 'A file or answer is not valid JSON where the message says.',
    next: 'Look at the file or the answer itself: a missing comma, or an error page instead of JSON.',
    weight: 5.5,
    category: null,
  },
  {
    pattern: /Overfull \\hbox/u,
    headline: 'Lines of the document are too long (Overfull \\hbox)',
    cause: 'LaTeX could not break them within the page.',
    next: 'Reword the paragraph that the log names, or allow a break in it.',
    weight: 5,
    category: 'lint',
  },
  {
    pattern:
      /Run '?(?:make|npm run|yarn|go|cargo|mix|bundle)[^']{0,60}'? (?:to (?:create|update|generate|regenerate)|and (?:then )?commit)/u,
    headline: 'Generated files are missing or not up to date',
    cause: 'The job compares them with what the tools make now, and finds a difference.',
    next: 'Run the command that the message names, and commit the result.',
    weight: 7,
  },
  {
    pattern:
      /(?:generated|checked.?in|committed) (?:files?|code|sources?) (?:is|are) (?:out of date|not up.to.date|stale|outdated)|(?:working (?:tree|directory)|checkout) (?:is )?(?:dirty|not clean)|uncommitted changes/iu,
    headline: 'Generated files are not up to date',
    cause: 'The tools of the job make other files than those that are committed.',
    next: 'Run the generators of the project locally and commit what they change.',
    weight: 7,
  },
  {
    pattern: /QUALITY GATE STATUS: FAILED|Quality Gate (?:has )?(?:FAILED|failed)/u,
    headline: 'The SonarQube quality gate fails',
    cause: 'A measure of the code (coverage, duplication, new issues) lies outside of what the project allows.',
    next: 'Open the report that the log links to: it names the measure and the places.',
    weight: 9.5,
  },
  {
    pattern: /Found license defined by the --failOn flag: "(?<license>[^"]{1,60})"/u,
    headline: 'A dependency has a licence that the project does not allow: {license}',
    cause: 'The licence check stops at the first package with such a licence.',
    next: 'See which package it is, and replace it or allow its licence.',
    weight: 9.5,
    category: 'dependency',
  },
  {
    pattern: /^Total: (?<count>[1-9]\d{0,5}) \((?:[A-Z]{3,10}: \d{1,6}(?:, )?){1,6}\)$/u,
    headline: 'The scan finds {count#vulnerable version}',
    cause:
      'Versions in the image or the lock files are listed in the advisory database; the change itself need not have added them.',
    next: 'Update the packages and images that the table names, or record why an advisory does not matter here.',
    weight: 9.2,
    category: 'dependency',
  },
  {
    pattern: /^# npm audit report$/u,
    headline: 'npm audit finds vulnerable versions',
    cause: 'Versions in the lock file are listed in the advisory database; the change itself need not have added them.',
    next: 'Update what can be updated by itself with: npm audit fix',
    weight: 9.2,
    category: 'dependency',
  },
];
