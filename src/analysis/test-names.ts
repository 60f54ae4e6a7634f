const NOT_A_NAME =
  /^(?:[\W\d_]{1,300}|(?:failing|failed) tests?|Test suite failed to run|\d{1,6} (?:passing|failing|pending|tests?|of|examples?|errors?|problems?|warnings?|failures?).{0,200}|(?:Failures?|Errors?|Failed|Error|FAIL|Test|Tests|Summary|Warnings?|Console|Done|Finished|Process)[:.!]?|(?:npm|yarn|make|error|at|from|in|https?):? .{0,300}|(?:https?|ftp):\/\/.{0,300}|\[L\d{1,6}\].{0,300}|\d{3} https?:.{0,300})$/iu;

/** Takes off what runners put around a name: durations, dots, colons. */
export function trimName(name: string): string {
  return name
    .replace(/\s{0,8}[[(]\d{1,9}(?:\.\d{1,9})? ?(?:m?s|min|sec|seconds?)[\])]\s{0,4}$/u, '')
    .replace(/(?: - Time elapsed.{0,60}|\s{1,4}Time elapsed.{0,60}|[:.\s]{1,8})$/u, '')
    .trim();
}

/** Whether this can be the name of a test, and is no heading, count or address. */
export function isTestName(name: string): boolean {
  return name.length >= 3 && /[\p{L}]{2}/u.test(name) && !NOT_A_NAME.test(name);
}
