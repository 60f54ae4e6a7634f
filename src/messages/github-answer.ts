import type { Diagnosis } from '../domain/diagnosis.ts';
import type { Failure } from '../domain/failure.ts';
import type { Annotation, GitHubAnswer } from '../domain/github-answers.ts';
import type { RepositoryName } from '../domain/ids.ts';
import type { Run } from '../domain/run.ts';
import { logLineUrl } from './log-links.ts';
import { fencedLines, markdownLink, paragraphText } from './markdown.ts';
import { strongestLines } from './proof.ts';
import { clean, clip, count, oneLine, shortSha, webAddress } from './text.ts';
import { attemptUrl, CONFIDENCE_WORDS, VERDICT_WORDS } from './words.ts';

/** What an answer on GitHub is made of. */
export interface AnswerSource {
  failure: Failure;
  summary: { diagnosis: Diagnosis };
  run: Run;
}

const LINES = 8;
const LINE_MAX = 300;
/** GitHub takes 50 with one request: docs.github.com, REST "check runs". */
const ANNOTATIONS = 20;
const MESSAGE_MAX = 500;

/** The check run on the commit that failed last. It holds up nobody: the workflow itself has failed. */
export function checkAnswer({ failure, summary, run }: AnswerSource): GitHubAnswer {
  const { resolution, status } = failure;
  const { diagnosis } = summary;
  const isOpen = status === 'open';
  return {
    form: 'check',
    repository: failure.repository,
    failureId: failure.id,
    name: `Cortex: ${oneLine(run.workflow, 80)}`,
    sha: run.headSha,
    title: resolution === null ? oneLine(diagnosis.headline, 120) : endWords(failure),
    summary: [...(resolution === null ? [] : [endParagraph(failure)]), storyText({ failure, summary, run })].join(
      '\n\n',
    ),
    conclusion: isOpen || status === 'merged' ? 'neutral' : 'success',
    isOpen,
    annotations: annotationsOf(diagnosis),
  };
}

/** By which the comment of a pull request is known again, should we not have heard GitHub's answer. */
export function commentMark(repository: RepositoryName, pullRequest: number): string {
  return `<!-- opsaicortex answer ${repository}#${pullRequest} -->`;
}

/** The one comment of a pull request: what fails there, and what did. */
export function commentAnswer(
  { repository, pullRequest }: { repository: RepositoryName; pullRequest: number },
  { open, over }: { open: readonly AnswerSource[]; over: readonly Failure[] },
): GitHubAnswer {
  const title =
    open.length === 0 ? 'Nothing fails here any more' : `${count(open.length, 'failure')} on this pull request`;
  const stories = open.map((source) =>
    [`**${paragraphText(oneLine(source.summary.diagnosis.headline, 120), 120)}**`, storyText(source)].join('\n\n'),
  );
  const mark = commentMark(repository, pullRequest);
  const body = [mark, `### ${title}`, ...stories, ...over.map(endParagraph)].join('\n\n');
  return { form: 'comment', repository, pullRequest, mark, body };
}

function storyText({ failure, summary: { diagnosis }, run }: AnswerSource): string {
  const { verdict, confidence } = diagnosis;
  const reasons = verdict.reasons.slice(0, 2).join('. ');
  const proof = strongestLines(diagnosis, LINES);
  const words = `${VERDICT_WORDS[verdict.kind]} (${CONFIDENCE_WORDS[confidence]})${reasons === '' ? '' : `: ${reasons}`}`;
  return [
    paragraphText(words, 400),
    paragraphText(diagnosis.cause, 600),
    `**Next step:** ${paragraphText(diagnosis.nextStep, 600)}`,
    ...(proof.length === 0
      ? []
      : [
          fencedLines(
            proof.map(({ text }) => text),
            LINE_MAX,
          ),
        ]),
    placeText({ failure, run, log: proof[0] === undefined ? null : logLineUrl(run, proof[0]) }),
  ].join('\n\n');
}

function placeText({ failure, run, log }: { failure: Failure; run: Run; log: string | null }): string {
  const place = `Run ${run.number} of ${oneLine(run.workflow, 80)} on ${oneLine(run.branch, 100)}`;
  const page = webAddress(attemptUrl(run));
  const line = webAddress(log);
  return [
    page === null ? paragraphText(place, 220) : markdownLink(page, place, 220),
    ...(line === null ? [] : [markdownLink(line, 'The log', 20)]),
    `seen ${count(failure.occurrences, 'time')}`,
  ].join(' · ');
}

function endWords({ resolution, workflow }: Failure): string {
  const what = oneLine(workflow, 60);
  if (resolution === null) return `${what} goes on as another failure`;
  return resolution.kind === 'passed-on-rerun'
    ? `${what} passed on a re-run of the same commit`
    : `Fixed by ${shortSha(resolution.headSha)} ${oneLine(resolution.title, 60)}`;
}

function endParagraph(failure: Failure): string {
  return `✅ ${paragraphText(endWords(failure), 200)}`;
}

/** Where the diagnosis names a file of the repository and a line. */
function annotationsOf({ facts: { problems, failingTests } }: Diagnosis): Annotation[] {
  const places = [
    ...problems.map(({ file, line, message }) => ({ file, line, message })),
    ...failingTests.map(({ name, file, line, message }) => ({ file, line, message: message ?? name })),
  ];
  const found = places.flatMap(({ file, line, message }) => {
    const path = file === null ? null : pathWithin(file);
    return path === null || line === null || line < 1
      ? []
      : [{ path, line, message: clip(clean(message), MESSAGE_MAX) }];
  });
  return found.slice(0, ANNOTATIONS);
}

/** A path as the repository has it; null for one that leads elsewhere, which GitHub would refuse with all the others. */
function pathWithin(file: string): string | null {
  const path = file.replaceAll('\\', '/').replace(/^\.\//u, '');
  const isWithin = !/^(?:\/|[a-z]:|\w+:\/\/)|(?:^|\/)\.\.(?:\/|$)|[\p{Cc}\p{Cf}]/iu.test(path);
  return isWithin && path !== '' && path.length <= 500 ? path : null;
}
