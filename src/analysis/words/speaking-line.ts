import type { LogLine } from '../../domain/diagnosis.ts';
import { scoreText } from '../score.ts';
import { plain } from './text.ts';

/** The line that speaks best for the whole; evidence counts before the rest. Null where no line says anything. */
export function speakingLine({
  evidence,
  excerpt,
}: {
  evidence: readonly LogLine[];
  excerpt: readonly LogLine[];
}): string | null {
  return bestOf(evidence) ?? bestOf(excerpt.slice(-MANY));
}

const MANY = 60;

function bestOf(lines: readonly LogLine[]): string | null {
  const ranked = lines
    .map((line, index) => {
      const said = plain(line.text);
      // Of equals the later one: tools print the cause last.
      return { said, index, worth: worthOf(line.text, said) + (0.8 * index) / lines.length };
    })
    .filter(({ said, worth }) => said.length >= 6 && worth > 1)
    .toSorted((x, y) => y.worth - x.worth);
  const best = ranked[0];
  if (best === undefined) return null;
  // "The following failed:" announces what stands on the next line.
  const next = best.said.endsWith(':') ? plain(lines[best.index + 1]?.text ?? '') : '';
  return next === '' || isFrame(next) ? best.said : `${best.said} ${next}`;
}

const SAYS_NOTHING =
  /^(?:.{2,100}\.{4,}(?:\(.{1,40}\))?(?:Passed|Skipped)$|\S{1,80}\(\(?(?:closure|lambda)\b|Process completed with exit code|The process '.{1,200}' failed with exit code|PLAY RECAP|The command .{0,300} exited with|Executing the custom container implementation failed|Done\. Your build exited|Your build has been stopped|(?:code )?(?:ELIFECYCLE|E\w{3,12} \d{1,5})$|(?:errno|code|path|command|syscall|A complete log of this run|This is probably not a problem with npm) |Job failed: exit|\[?Help \d\]|(?:mvn|mvnw) <|To see the full stack trace|Re-run Maven|For more information about the errors|After correcting the problems|Please refer to |BUILD (?:FAILED|FAILURE)|Total time: |\$ |\+ |Cleaning up project|real\s|user\s|sys\s|# Starting Test|\* Try:|\* What went wrong|Run with --|> Run with|-> \[Help|> Links|\[command\]|Test failed\. See above|diff --git|[✓✔√✅☑] |\d{1,6} packages are looking|run `npm (?:audit|fund)|\((?:closure|lambda|let\*?|if|or|and|setq|function|progn|byte-code)\b|console\.\w{3,6}\b|npm WARN|\[?[Ww]arning\]?[ :]|[_=-]{3,}|statusMessage:|.{0,3}Test suite failed|> ?\w{1,20} ['"]|mocha ['"]|will not run after-build|<!DOCTYPE|<html|'<!DOCTYPE|@@ |#\+|> \w{2,20} ['"]|make\[?\d?\]?: (?:Leaving|Entering))/u;
const SAYS_LITTLE =
  /^(?:collect2: error|.{0,12}note: |make(?:\[\d\])?: \*\*\*|(?:process didn't|could not compile|aborting|build failed)|at |Caused by:|\d{1,6} (?:errors?|problems?|failures?)|exit (?:code|status)|Tests? run|Failures?:|Errors?:|["'][\w-]{1,40}["']: |Starting process |[A-Z][\w ]{2,30}: \S{1,40}$|\* |warning: |Failed!?$|error$|.{0,40}aborted!$|\S{1,60} FAILED$|Running |See |\*{3} Failed|process didn't|\(\d{1,6} failures?\)|--\w|.{0,160}\|$|.{0,80}\((?:\(closure|\(lambda|\(let|\("--))/iu;

/** What a line weighs by its signatures; a sentence with a reason in it beats a count, a count beats "exit code 1". */
function worthOf(raw: string, said: string): number {
  if (SAYS_NOTHING.test(said) || !/\p{L}{2}/u.test(said) || isFrame(raw) || isDiff(raw)) return 0;
  const { value, matches } = scoreText(raw);
  const role = matches[0]?.signature.role;
  const byRole = role === 'message' || role === 'problem' ? 1.5 : role === 'summary' || role === 'context' ? -2 : 0;
  const byLength = said.length > 20 && said.length < 220 ? 0.5 : 0;
  const isIndented = /^\s{4,}/u.test(raw) ? -0.5 : 0;
  return value + byRole + byLength + isIndented - (SAYS_LITTLE.test(said) ? 4 : 0);
}

const FRAME =
  /^\s{0,80}(?:at (?:\S|\()|in `|from \S{1,300}:\d|File "|\.{3} \d{1,5} more|\S{1,300}:\d{1,6}:in [`']|#\d{1,4}\s|\d{1,4}: 0x|goroutine \d|[\w./@-]{1,250}\.go:\d{1,6} \+0x)/u;

function isFrame(text: string): boolean {
  return FRAME.test(text);
}

function isDiff(text: string): boolean {
  return /^(?:[+-](?![+-] ?\w)[^-+]|diff |@@|\+{3} |-{3} )/u.test(text);
}
