const CONTINUES =
  /^(?:\s|at |from |in |[|│┃>+\-^~=@#*•●└├╰╭·'"`{}()[\]]|E |Expected|Received|Actual|\.{3}|\d{1,6} ?[|:)])/u;
const LEVEL = /^(?:\[(?:info|error|warn|ERROR|INFO)\]|nl|\[\w{1,12}\]) {2,}\S/u;
const TERMINATES =
  /^(?:\$ \S|##\[(?:group|section)\]|Post job cleanup|ok \d|PASS |PASSED|\s{0,12}[✓✔√] |\[INFO\] (?:Running|Tests run|-{10,}|Building|Reactor)|> Task :|test \S{1,200} \.\.\. ok|The command .{1,300} exited with 0\.|travis_|=== RUN|--- PASS|\[ +OK +\]|\[ RUN +\])/u;
const PLAIN =
  /^(?:\s{0,12}(?:Download(?:ing|ed)|Fetching|Get:\d|Receiving|Resolving|Unpacking|Extracting|Setting up|Selecting|Preparing|Requirement already|Compiling|Checking|Installing|remote:)\b|\s{0,12}[✓✔√] |ok \d|PASS\b|\.{3,}$|[.=\-#*_ ]{3,}$|##\[(?:end)?group\]|\s{0,40}at |\d{1,3}%)/u;

const FRAME = /^\s{0,60}(?:at |from |#\d{1,4} |File "|\d{1,4}: 0x|in )/u;

/** Looks like a part of the block above: indented, framed, quoted, a stack frame. */
export function isContinuation(text: string): boolean {
  return text === '' || CONTINUES.test(text) || LEVEL.test(text);
}

/** Something else begins here. */
export function isTerminator(text: string): boolean {
  return TERMINATES.test(text);
}

/** Explains nothing, wherever it stands. */
export function isPlainNoise(text: string): boolean {
  return PLAIN.test(text);
}

/** One call of a stack trace. */
export function isStackFrame(text: string): boolean {
  return FRAME.test(text);
}
