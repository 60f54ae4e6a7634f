import { expect, test } from '@jest/globals';
import { RepositoryName, WorkspaceId } from '../../src/domain/ids.ts';
import type { RuleFileProblem } from '../../src/domain/rule-files.ts';
import { readRuleFile } from '../../src/github/rule-file-text.ts';
import { fileBlocks, followReply, wrongFileMessage } from '../../src/messages/rule-file.ts';
import { fileProblemWords } from '../../src/messages/rule-file-problem.ts';
import { subscriptionList } from '../../src/messages/subscription-list.ts';
import { withRedactedRuns } from '../../src/pipeline/redacted-runs.ts';
import { aSubscription } from '../../scripts/gallery/builders.ts';
import { fakePorts } from '../support/fake-ports.ts';
import { faultsIn, HOSTILE, readable } from '../support/hostile.ts';
import { aRuleFileSource } from '../support/rule-files.ts';
import { aRule } from '../support/rules.ts';

const web = RepositoryName.parse('acme/web');
const { id, channelId, createdBy, createdAt } = aSubscription('acme/web');
const whose = { id, channelId, createdBy, createdAt, repository: web, pausedReason: null, version: 'v1' };

const wrong = (problem: RuleFileProblem) => ({
  ...whose,
  state: 'wrong' as const,
  rules: [aRule('acme/web branch:main')],
  problem,
});

test('whatever stands in a file that is wrong stays text', () => {
  for (const text of HOSTILE) {
    const line = `version: 1\nchannels:\n  - channel: ${JSON.stringify(text)}\n    ${text}: 1\n`;
    const outcome = readRuleFile(line, web);
    if (!('problem' in outcome)) continue;
    const file = wrong(outcome.problem);
    expect(faultsIn(wrongFileMessage(file))).toEqual([]);
    expect(faultsIn(followReply({ kind: 'following', isNew: true, file }))).toEqual([]);
    expect(faultsIn({ blocks: fileBlocks(file) })).toEqual([]);
  }
});

test('a list has room for rules of people and of many long files', () => {
  const long = aRule(`acme/web workflow:"${'x'.repeat(190)}" job:"${'y'.repeat(190)}"`);
  const file = { ...whose, state: 'applied' as const, rules: Array.from({ length: 50 }, () => long), problem: null };
  const typed = Array.from({ length: 60 }, (_, index) => aSubscription(`acme/web branch:b${index}`));

  const files = Array.from({ length: 9 }, () => ({ ...file, id: aSubscription('acme/web').id }));
  const list = subscriptionList(typed, { mayEdit: true, files });

  expect(faultsIn(list)).toEqual([]);
  expect(readable(list)).toContain('and rules from 6 more files');
  expect(readable(list)).toContain('and 45 more');
});

test('a line with a secret in it is shown without the secret, and nothing of it is quoted', async () => {
  const secret = `ghp_${'a1B2'.repeat(9)}`;
  const outcome = readRuleFile(`version: 1\ntoken: ${secret}\n`, web);
  if (!('problem' in outcome) || outcome.problem.kind === 'too-large') throw new Error('It was read');
  const source = aRuleFileSource({ kind: 'wrong', version: 'v1', problem: outcome.problem });
  const redaction = { salt: 'salt', secrets: [] };

  const { ruleFileSource } = withRedactedRuns(fakePorts({ ruleFileSource: source }), redaction);
  const read = await ruleFileSource.read(WorkspaceId.parse('T0ACME'), web, AbortSignal.timeout(60_000));

  if (read.kind !== 'wrong') throw new Error('It was read');
  expect(JSON.stringify(read)).not.toContain(secret);
  expect(fileProblemWords(read.problem)).toBe(
    'Line 2, column 1: This line cannot be read, and holds what looks like a secret.',
  );
  expect(readable(wrongFileMessage(wrong(read.problem)))).toContain('[redacted:');
});
