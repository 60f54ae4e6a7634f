import type { Message } from '../domain/message.ts';
import { message, note, sentence } from './blocks.ts';
import { bold, bullets, code, mono, paragraph, text } from './rich-text.ts';
import type { ChannelObstacle } from './subscription.ts';
import { oneLine } from './text.ts';

/** A command, as far as help shows it. */
export interface CommandHelp {
  name: string;
  /** What follows `/cortex`. */
  usage: string;
  /** One sentence without a full stop. */
  summary: string;
  /** Complete lines to copy, without `/cortex`. */
  examples: readonly string[];
}

/** All commands, one line each. */
export function helpMessage(commands: readonly CommandHelp[]): Message {
  const items = commands.map(({ usage, summary }) => [mono(`/cortex ${usage}`, 200), text(`  ${summary}`)]);
  return message('What I can do: ' + commands.map(({ name }) => name).join(', '), [
    paragraph(bold('I explain failed CI runs: what broke, why, the log lines that prove it, and what to do next.')),
    bullets([], items),
    note('For more on one command: /cortex help summarize'),
  ]);
}

/** One command with its examples. */
export function commandHelp({ usage, summary, examples }: CommandHelp): Message {
  return message(`/cortex ${usage}: ${summary}`, [
    paragraph(mono(`/cortex ${usage}`, 200), text(`  ${summary}`)),
    bullets(
      [bold('For example')],
      examples.map((example) => [mono(`/cortex ${example}`, 300)]),
    ),
  ]);
}

/** The words did not fit the command. */
export function usageMessage(command: CommandHelp, problem: string): Message {
  const { text: words, blocks } = commandHelp(command);
  const lead = message(problem, [paragraph(text(problem))]);
  return { text: `${lead.text} ${words}`, blocks: [...lead.blocks, ...blocks] };
}

/** A flag, or what stands behind one, that is none; `meant` is what was probably meant. */
export interface FlagProblem {
  /** The words behind the command. */
  words: readonly string[];
  at: string;
  meant: string | null;
  known: readonly string[];
}

/** Points at the word, and says what could stand there. */
export function flagProblemMessage(command: string, { words, at, meant, known }: FlagProblem): Message {
  const line = ['/cortex', command, ...words].map((word) => oneLine(word, 60));
  const before = line.slice(0, 2 + words.indexOf(at)).join(' ').length + 1;
  const hint = meant === null ? `I know ${known.join(', ')}.` : `Did you mean ${meant}?`;
  const problem = `I do not know ${oneLine(at, 60)} here. ${hint}`;
  const pointer = ' '.repeat(before) + '^'.repeat(oneLine(at, 60).length);
  return message(problem, [
    paragraph(text('I do not know '), mono(at, 60), text(` here. ${hint}`)),
    code([line.join(' '), pointer], { lineMax: 600, max: 1_300 }).block,
  ]);
}

/** Why `--here` cannot be done in this channel. */
export function cannotShowHereMessage(obstacle: ChannelObstacle): Message {
  const reasons: Record<ChannelObstacle, string> = {
    'not-a-channel': 'This is no channel, so there is nobody else to show it to.',
    'not-invited': 'I am not in this channel, so I could not post here. Type /invite and choose me.',
    archived: 'This channel is archived, so nobody can post here.',
    shared: 'This channel is shared with another organization, which would read your log lines too.',
  };
  return sentence(`${reasons[obstacle]} Without --here, only you see the answer.`);
}

/** No such command; `meant` is what was probably meant, complete. */
export function unknownCommandMessage(typed: string, meant: string | null): Message {
  const hint = meant === null ? 'To see what I can do:' : 'Did you mean:';
  const line = `/cortex ${meant ?? 'help'}`;
  return message(`I do not know the command ${typed}. ${hint} ${line}`, [
    paragraph(text('I do not know the command '), mono(typed, 60), text(`. ${hint} `), mono(line, 300)),
  ]);
}

/** What was typed is neither a repository nor a run of ours. */
export function unreadableTargetMessage(
  outcome:
    | { kind: 'foreign-host'; host: string; expected: string }
    | { kind: 'other-page'; repository: string; word: string }
    | { kind: 'unreadable'; word: string },
): Message {
  if (outcome.kind === 'foreign-host') {
    const words = `That address is on another host than the GitHub I am connected to (${outcome.expected}):`;
    return message(`${words} ${outcome.host}`, [paragraph(text(`${words} `), mono(outcome.host, 100))]);
  }
  if (outcome.kind === 'other-page') {
    const words = 'I can explain a workflow run or a pull request, but that is the address of another page:';
    const hint = 'Open the run that failed and give me its address. For the last failing run of the repository:';
    const line = `/cortex summarize ${outcome.repository}`;
    return message(`${words} ${outcome.word} ${hint} ${line}`, [
      paragraph(text(`${words} `), mono(outcome.word, 200)),
      paragraph(text(`${hint} `), mono(line, 200)),
    ]);
  }
  const words =
    'I can read owner/repo, owner/repo@branch, owner/repo#12, or the address of a repository, a workflow run or a pull request, but not this:';
  return message(`${words} ${outcome.word}`, [paragraph(text(`${words} `), mono(outcome.word, 200))]);
}
