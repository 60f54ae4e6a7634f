import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { issueMark, newIssue } from '../../src/messages/issue.ts';
import { fencedLines, markdownLink, paragraphText } from '../../src/messages/markdown.ts';
import { HOSTILE } from '../support/hostile.ts';
import { aDiagnosis, aFailure, aLine, aReport, aRun } from '../support/report-builders.ts';

/** What GitHub would make a mention, a reference or a link of, in text outside of a fence and outside of our own links. */
const LIVE = /@(?!&#8203;)|(?<!&)#(?!&#8203;)|\bgh-\d|:\/\/|\bwww\./iu;

describe('outside text in Markdown', () => {
  test.each([
    ['@octocat and @acme/team', '@&#8203;octocat and @&#8203;acme/team'],
    ['fixes #12, closes acme/web#3', 'fixes #&#8203;12, closes acme/web#&#8203;3'],
    ['GH-7', String.raw`GH&#8203;\-7`],
    ['https://evil.example www.evil.example', 'https:&#8203;//evil.example www&#8203;.evil.example'],
    ['<img src=x onerror=y> & **bold**', String.raw`&lt;img src\=x onerror\=y&gt; &amp; \*\*bold\*\*`],
    ['[a](https://b) ![c](d)', String.raw`\[a\]\(https:&#8203;//b\) \!\[c\]\(d\)`],
    ['# title\n- list\n```js', '#&#8203; title\n\\- list\n\\`\\`\\`js'],
  ])('%s is only text', (outside, expected) => {
    expect(paragraphText(outside, 500)).toBe(expected);
  });

  test('calls nobody, refers to nothing and links nowhere, whatever it is', () => {
    const parts = fc.constantFrom(
      '@',
      '#',
      '1',
      'a',
      'GH-',
      'www.',
      'https://',
      '\\',
      '&#64;',
      '<',
      '`',
      ' ',
      '\n',
      '[',
      ')',
    );
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 12 }), (pieces) => {
        expect(paragraphText(pieces.join(''), 500)).not.toMatch(LIVE);
      }),
    );
    for (const hostile of HOSTILE) expect(paragraphText(hostile, 3_000)).not.toMatch(LIVE);
  });

  test('in a fence stays in it', () => {
    const fenced = fencedLines(['````', '@octocat fixes #1', '```'], 100);
    const [first, ...rest] = fenced.split('\n');
    expect(first).toBe('`````text');
    expect(rest.at(-1)).toBe('`````');
    expect(rest.slice(0, -1)).toEqual(['````', '@octocat fixes #1', '```']);
  });

  test('as the words of a link keeps the link whole', () => {
    expect(markdownLink('https://github.com/a', 'x](https://evil.example)', 50)).toBe(
      String.raw`[x\]\(https:&#8203;//evil.example\)](<https://github.com/a>)`,
    );
  });
});

test('an issue says what the person wrote, what proves it, and where to look; its mark tells it apart', () => {
  const failure = aFailure();
  const { summary, run } = aReport({
    run: aRun({ branch: 'main' }),
    diagnosis: aDiagnosis({ evidence: [aLine({ text: '```\u202E @all fixes #9' })] }),
  });
  const shown = { summary, run };
  const threadUrl = 'https://acme.slack.com/archives/C1/p1';
  const wanted = { title: ' Two\nlines ', words: 'See @octocat', labels: ['ci'] };

  const { title, body, labels, repository } = newIssue({ failure, shown, threadUrl }, wanted);

  expect({ title, labels, repository }).toEqual({ title: 'Two lines', labels: ['ci'], repository: failure.repository });
  expect(body).toContain('See @&#8203;octocat');
  expect(body).toContain('````text\n``` @all fixes #9\n````');
  expect(body).toContain(`](<${run.url}>)`);
  expect(body).toContain(`[The thread in Slack](<${threadUrl}>)`);
  expect(body.endsWith(issueMark(failure))).toBe(true);
});
