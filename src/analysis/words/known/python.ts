import type { Known } from './known.ts';

/** pip, Poetry, uv, pytest and checks of the Python world. */
export const PYTHON: readonly Known[] = [
  {
    pattern: /No module named ['"]?(?<module>[\w.]{1,120})/u,
    headline: "Python cannot find the module '{module}'",
    cause: 'It is not installed in the environment of the job, or its folder is not on the path of Python.',
    next: 'Add the package that holds {module|it} to the dependencies, or install the project itself: pip install -e .',
    weight: 8.5,
  },
  {
    pattern: /cannot import name ['"]?(?<name>[\w.]{1,80})['"]? from ['"]?(?<module>[\w.]{1,120})/u,
    headline: "Python cannot import '{name}' from {module}",
    cause:
      'The module exists but has nothing of that name: another version is installed, it was renamed, or modules import each other in a circle.',
    next: 'Check the installed version of {module|the module} against what the code expects, and the import itself.',
    weight: 8.5,
  },
  {
    pattern:
      /Could not find a version that satisfies the requirement (?<package>[\w.[\]-]{1,100}(?: ?[=<>!~]{1,2} ?[\w.*]{1,30})?)/u,
    headline: 'pip finds no version for {package}',
    cause: 'No release of the package fits the version that is asked for, the Python of the job and its platform.',
    next: 'Check name and version in the requirements, and whether the package supports the Python version of the job.',
    weight: 9.5,
  },
  {
    pattern: /No matching distribution found for (?<package>[\w.[\]=<>!~*-]{1,100})/u,
    headline: 'pip finds no version for {package}',
    cause: 'No release of the package fits the version that is asked for, the Python of the job and its platform.',
    next: 'Check name and version in the requirements, and whether the package supports the Python version of the job.',
    weight: 9,
  },
  {
    pattern:
      /ResolutionImpossible|conflicting dependencies|No solution found when resolving|SolverProblemError|version solving failed/u,
    headline: 'The Python dependencies exclude each other',
    cause: 'Two packages ask for versions of a third that no release can satisfy together.',
    next: 'Loosen or align the versions that the log names, then renew the lock file.',
    weight: 9,
  },
  {
    pattern:
      /Package ['"](?<package>[^'"]{1,80})['"] requires a different Python: (?<version>[\d.]{1,12}) not in ['"](?<wanted>[^'"]{1,40})/u,
    headline: 'The package {package} does not support Python {version}',
    cause: 'It asks for Python {wanted}.',
    next: 'Change the version of Python in the workflow, or the version of the package.',
    weight: 9.5,
  },
  {
    pattern: /Failed (?:building|to build) (?:wheel for |wheels? |installable wheels for )?(?<package>[\w.-]{1,80})/u,
    headline: 'The Python package {package} cannot be built',
    cause: 'There is no ready wheel for this Python and platform, and building it from source failed.',
    next: 'Use a version with a wheel for this Python, or install the compilers and headers that the build asks for.',
    weight: 7.5,
  },
  {
    pattern:
      /(?:pyproject\.toml changed significantly since poetry\.lock|poetry\.lock is not up to date|uv\.lock.{0,20} needs to be updated|Pipfile\.lock .{0,40}out of date)/u,
    headline: 'The Python lock file does not fit the project file',
    cause: 'The dependencies were changed without renewing the lock file.',
    next: 'Renew the lock file (poetry lock, uv lock or pipenv lock) and commit it.',
    weight: 9.5,
  },
  {
    pattern: /Required test coverage of (?<wanted>[\d.]{1,6})% not reached. Total coverage: (?<actual>[\d.]{1,6})%/u,
    headline: 'Test coverage is too low: {actual}% instead of {wanted}%',
    cause: 'The tests pass, but they run less of the code than the project asks for.',
    next: 'Add tests for the new code; this shows what is not run: pytest --cov --cov-report=term-missing',
    weight: 8.5,
  },
  {
    pattern: /^(?:collected 0 items|={3,} no tests ran)/u,
    headline: 'pytest finds no tests',
    cause: 'No file or test fits what the step asks for, and pytest counts that as a failure.',
    next: 'Check the paths and filters of the step: pytest --collect-only',
    weight: 6,
  },
  {
    pattern: /Oh no!.{0,10}|(?<count>\d{1,5}) files? would be reformatted/u,
    headline: 'Black would reformat {count#file|files}',
    cause: 'They are not formatted as the project asks for.',
    next: 'Format them and commit the result: black .',
    weight: 7,
  },
  {
    pattern: /(?<file>[\w./-]{1,150}\.py) Imports are incorrectly sorted/u,
    headline: 'isort would sort the imports of {file}',
    cause: 'The order of the imports is not the one that the project asks for.',
    next: 'Sort them and commit the result: isort {file|.}',
    weight: 8.5,
  },
  {
    pattern: /^Found (?<errors>\d{1,6}) errors? in (?<files>\d{1,5}) files? \(checked/u,
    headline: 'mypy finds {errors#type error} in {files#file}',
    cause: 'The types do not fit together where the log names them.',
    next: 'Run mypy locally and correct the first one first; the others may follow from it.',
    weight: 4,
  },
  {
    pattern: /^- hook id: (?<hook>[\w.-]{1,60})/u,
    headline: 'The pre-commit hook {hook} fails',
    cause: 'The hook found something to correct, or changed files itself.',
    next: 'Run it locally and commit what it changes: pre-commit run {hook|} --all-files',
    weight: 6,
  },
  {
    pattern: /Your models .{0,60}have changes that are not yet reflected in a migration/u,
    headline: 'A Django migration is missing',
    cause: 'The models were changed without a migration.',
    next: 'Make the migration and commit it: python manage.py makemigrations',
    weight: 9,
  },
  {
    pattern: /(?:400 )?(?:Bad Request.{0,40})?File already exists.{0,80}(?:pypi|filename)/iu,
    headline: 'This version was uploaded to PyPI already',
    cause: 'A file can be uploaded only once under its name.',
    next: 'Raise the version and publish again, or let twine skip what exists (--skip-existing).',
    weight: 9.5,
  },
  {
    pattern: /InvocationError for command (?<command>.{3,150}?) \(exited with code (?<code>\d{1,4})/u,
    headline: 'tox: a command fails with exit code {code}: {command}',
    cause: 'The environment of tox was made, but the command in it failed.',
    next: 'Run the same tox environment locally and start from the lines shown.',
    weight: 5,
  },
];
