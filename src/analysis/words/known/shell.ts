import type { Known } from './known.ts';

/** Shells, scripts, make, and files that are not there. */
export const SHELL: readonly Known[] = [
  {
    pattern:
      /(?:^|[:\s])(?<program>[\w.+/-]{1,80}): command not found|^(?:\/\S{1,40}\/)?(?:ba|da|z)?sh: (?:line )?(?:\d{1,5}: )?(?<program>[\w.+/-]{1,80}): not found$|: (?:line )?\d{1,5}: (?<program>[\w.+/-]{1,80}): not found$/u,
    headline: 'The command {program} does not exist on the runner',
    cause: 'The shell could not find a program of that name in its PATH.',
    next: 'Install {program|the program} in an earlier step, or correct its name or PATH.',
    weight: 9,
  },
  {
    pattern:
      /'(?<program>[\w./+-]{1,80})' is not recognized as an internal or external command|The term '(?<program>[^']{1,80})' is not recognized|exec: "(?<program>[\w./+-]{1,80})": executable file not found/u,
    headline: 'The command {program|of the step} does not exist on the runner',
    cause: 'The shell could not find a program of that name in its PATH.',
    next: 'Install {program|the program} in an earlier step, or correct its name or PATH.',
    weight: 9,
  },
  {
    pattern: /Cannot run program "(?<program>[^"]{1,80})"|spawn (?<program>[\w./-]{1,80}) ENOENT/u,
    headline: 'The program {program|that the step needs} does not exist on the runner',
    cause: 'A tool tried to start it and found no such file in its PATH.',
    next: 'Install {program|the program} in an earlier step, or correct its PATH.',
    weight: 8,
  },
  {
    pattern: /No Rakefile found/u,
    headline: 'There is no Rakefile, so rake has nothing to run',
    cause: 'The job runs rake in a folder without a Rakefile, which is also what a CI system does by default.',
    next: 'Name the command that tests the project in the CI configuration, or add a Rakefile.',
    weight: 9,
  },
  {
    pattern: /Could not locate requirements\.txt/u,
    headline: 'There is no requirements.txt to install from',
    cause: 'The CI system installs from it by default, and the repository has none.',
    next: 'Name the command that installs the dependencies in the CI configuration.',
    weight: 9,
  },
  {
    pattern: /Don't know how to build task '(?<task>[^']{1,80})'/u,
    headline: "rake knows no task '{task}'",
    cause: 'No Rakefile or library that it loads defines a task of that name.',
    next: 'Correct the name of the task; this lists them: bundle exec rake -T',
    weight: 9,
  },
  {
    pattern: /No rule to make target [`'"](?<target>[^`'"]{1,150})[`'"](?:, needed by [`'"](?<by>[^`'"]{1,80}))?/u,
    headline: "make has no rule for '{target}'",
    cause: 'A file that the Makefile asks for does not exist, and nothing says how to make it.',
    next: 'Check that {target|the file} is in the repository or made by an earlier step, and spelled as in the Makefile.',
    weight: 8,
  },
  {
    pattern: /no makefile found/iu,
    headline: 'make finds no Makefile',
    cause: 'The step runs make in a folder that holds no Makefile.',
    next: 'Set the working directory of the step, or run configure or CMake before make.',
    weight: 8,
  },
  {
    pattern: /(?<![\w./@+-])(?<file>[\w./@+-]{1,150}):? Permission denied$/u,
    headline: '{file} may not be run or opened: permission denied',
    cause: 'A script is not marked as executable, or the file belongs to another user.',
    next: 'For a script of the repository: git update-index --chmod=+x {file|PATH}',
    weight: 7.5,
  },
  {
    pattern: /EACCES: permission denied, \w{1,12} '(?<file>[^']{1,200})'/u,
    headline: 'No permission to write {file}',
    cause: 'The file or folder belongs to another user than the one who runs the step.',
    next: 'Write to a folder of the workspace, or correct the owner of the folder in an earlier step.',
    weight: 8,
  },
  {
    pattern:
      /(?:^|: |\s)(?:line \d{1,5}: )?(?:cd|pushd): ?(?:can't cd to )?(?<folder>[^\s:]{1,150}):? ?(?:No such file|$)/u,
    headline: 'The folder {folder} does not exist on the runner',
    cause: 'A script changes to it, but nothing in the job has made it, or it runs in another folder than expected.',
    next: 'Check the path and the working directory of the step.',
    weight: 7.5,
  },
  {
    pattern: /ENOENT: no such file or directory, \w{1,12} '(?<file>[^']{1,200})'/u,
    headline: 'A file is missing: {file}',
    cause: 'Node.js looked for it and found nothing at that path.',
    next: 'Check that {file|the file} is committed or made by an earlier step, and that the path fits the working directory.',
    weight: 7.5,
  },
  {
    pattern: /No such file or directory: u?['"](?<file>[^'"]{1,200})['"]/u,
    headline: 'A file is missing: {file}',
    cause: 'The program looked for it and found nothing at that path.',
    next: 'Check that {file|the file} is committed or made by an earlier step, and that the path fits the working directory.',
    weight: 7.5,
  },
  {
    pattern: /(?:^|: )['`"‘]?(?<file>[^\s:'`"‘’]{1,150})['`"’]?: No such file or directory/u,
    headline: 'A file is missing: {file}',
    cause: 'A command of the step looked for it and found nothing at that path.',
    next: 'Check that {file|the file} is committed or made by an earlier step, and that the path fits the working directory.',
    weight: 6.5,
  },
  {
    pattern: /(?<!\w)(?<variable>[A-Za-z_]\w{0,60}): unbound variable/u,
    headline: 'The variable {variable} is not set',
    cause: 'The script stops at variables without a value (set -u), and this one has none in the job.',
    next: 'Set {variable|the variable} under "env:" of the step, or give it a default in the script.',
    weight: 9,
  },
  {
    pattern:
      /(?:environment variable|env(?:ironment)? var)s? [`'"]?(?<variable>[A-Z][A-Z0-9_]{2,60})[`'"]? (?:is |was |must be |has )?(?:not (?:set|defined|found|been set)|missing|required|set)|[`'"]?(?<variable>[A-Z][A-Z0-9_]{2,60})[`'"]? (?:environment variable )?(?:is not set|must be set|is required)/u,
    headline: 'The environment variable {variable|that a step needs} is not set',
    cause: 'A step needs its value; where it comes from a secret, a pull request from a fork gets none.',
    next: 'Set {variable|the variable} under "env:" of the step, from a secret or variable of the repository.',
    weight: 8,
  },
  {
    pattern:
      /error while loading shared libraries: (?<library>[^\s:]{1,100})|(?<![\w.+-])(?<library>[\w.+-]{1,80}\.so[\d.]{0,20}): cannot open shared object file/u,
    headline: 'The shared library {library} is not on the runner',
    cause: 'A program was built for a system with another version of the library than this one has.',
    next: 'Install the package that holds {library|the library}, or use a build of the program for this image.',
    weight: 9,
  },
  {
    pattern:
      /syntax error near unexpected token [`'"](?<token>[^'`"]{1,40})|unexpected EOF while looking for matching|Syntax error: (?<what>[^:]{3,60} unexpected)/u,
    headline: 'A shell script has a syntax error',
    cause: 'The shell could not read the script to its end, often because of a missing quote, bracket or "fi".',
    next: 'Check it locally with: shellcheck SCRIPT',
    weight: 7.5,
  },
  {
    pattern:
      /^make(?:\[\d{1,2}\])?: \*\*\* \[(?:[^\s\]:]{1,80}:\d{1,6}: )?(?<target>[^\]]{1,100})\] (?:Error (?<code>\d{1,3})|(?<signal>[A-Z][a-z ]{3,30}))/u,
    headline: 'make fails at the target {target}',
    cause: 'A command of that target ended with an error, which the log shows right before.',
    next: 'Run it locally: make {target|TARGET}',
    weight: 3,
    category: null,
  },
  {
    pattern: /Aborting due to tool exit code|aborted!$/u,
    headline: 'A task was aborted',
    cause: 'It ended with an error that the log names.',
    next: 'Run the command of the step locally and start from the lines shown.',
    weight: 0.5,
    category: null,
  },
];
