import { ANSWER_FORMS, type AnswerForm, type GitHubAnswers } from '../domain/github-answers.ts';
import type { Modal } from '../domain/message.ts';
import { VIEW } from './action-ids.ts';
import { plainText, section } from './blocks.ts';
import { mono, text, type Span } from './rich-text.ts';
import { targetLines } from './target-lines.ts';

/** The fields of the window, by the names of their blocks. */
export const ANSWER_FIELD = { check: 'answers-check', comment: 'answers-comment' } as const satisfies Record<
  AnswerForm,
  string
>;

const LABELS: Record<AnswerForm, string> = {
  check: 'As a check run on the commit, in',
  comment: 'As one comment on the pull request, in',
};

const NEEDS: Record<AnswerForm, string> = {
  check:
    'The GitHub App needs "Checks: write" there; /cortex doctor says where that lacks. People who may write to the repository get a button "Re-analyze".',
  comment:
    'The GitHub App needs "Pull requests: write" there; /cortex doctor says where that lacks. A repository in both fields gets check runs.',
};

/** The window in which an admin has failures answered on GitHub; `metadata` comes back with it. */
export function answersModal(answers: GitHubAnswers, metadata: string): Modal {
  return {
    type: 'modal',
    callback_id: VIEW.answers,
    private_metadata: metadata,
    title: plainText('Answers on GitHub'),
    submit: plainText('Save'),
    close: plainText('Cancel'),
    blocks: [
      section(
        'What is explained here can stand on GitHub, too, for everybody who may read the repository. One repository a line, as owner/repo, or owner/* for all of an owner. Empty: nowhere.',
      ),
      ...ANSWER_FORMS.map((form) =>
        targetLines(ANSWER_FIELD[form], { label: LABELS[form], hint: NEEDS[form], targets: answers[form] }),
      ),
    ],
  };
}

/** How many repositories are named; the window to edit them shows all. */
const SHOWN = 5;

/** For the settings, after "Answers on GitHub: ". */
export function answersSpans(answers: GitHubAnswers): Span[] {
  const parts = ANSWER_FORMS.filter((form) => answers[form].length > 0).map((form) => [
    text(form === 'check' ? 'check runs in ' : 'comments in '),
    ...answers[form]
      .slice(0, SHOWN)
      .flatMap((target, index) => [...(index > 0 ? [text(', ')] : []), mono(target, 140)]),
    ...(answers[form].length > SHOWN ? [text(` and ${answers[form].length - SHOWN} more`)] : []),
  ]);
  if (parts.length === 0) return [text('none; failures are told in Slack only')];
  return parts.flatMap((part, index) => (index === 0 ? part : [text('; '), ...part]));
}
