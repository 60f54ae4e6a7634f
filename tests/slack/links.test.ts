import { expect, test } from '@jest/globals';
import { findLinkedTargets } from '../../src/slack/links.ts';
import { THE_SITE } from '../support/github-servers.ts';

const find = (message: object) => findLinkedTargets(message, THE_SITE);
const run = (runId: number, attempt: number | null = null) => ({ kind: 'run', repository: 'acme/web', runId, attempt });
const address = (id: number): string => `https://github.com/acme/web/actions/runs/${id}`;

test('links are found in the text, the blocks and what is attached, in this order, each once', () => {
  const message = {
    attachments: [{ title_link: address(3), text: `again <${address(1)}|one>` }],
    blocks: [
      { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'link', url: address(2) }] }] },
      { type: 'actions', elements: [{ type: 'button', url: `${address(2)}/attempts/2` }] },
    ],
    text: `See <${address(1)}/job/99?pr=1&amp;x=2|this>, it broke.`,
  };

  expect(find(message)).toEqual([run(1), run(2), run(2, 2), run(3)]);
});

test('pull requests count, other pages and other hosts do not', () => {
  const text = `https://github.com/acme/web/pull/7. (${address(5)}) https://github.com/acme/web/issues/3 https://github.com/acme/web https://evil.example/acme/web/actions/runs/9`;
  expect(find({ text })).toEqual([{ kind: 'pull-request', repository: 'acme/web', number: 7 }, run(5)]);
});

test('a message of nobody, however deep and long, ends', () => {
  let nested: object = { text: address(1) };
  for (let depth = 0; depth < 50_000; depth += 1) nested = { inner: nested };
  expect(find({ blocks: [nested] })).toEqual([]);
  expect(find({ text: `${address(1)} `.repeat(100_000) })).toEqual([run(1)]);
  expect(find({ text: 7, blocks: 'x', attachments: null })).toEqual([]);
});
