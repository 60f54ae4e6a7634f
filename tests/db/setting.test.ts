import { expect, test } from '@jest/globals';
import { OpenReruns } from '../../src/domain/reruns.ts';
import { type ReasoningSettings, USUAL_REASONING } from '../../src/domain/reasoning.ts';
import { describeDatabase } from '../support/database.ts';
import { describeReasoningStores } from './reasoning-desk.ts';
import { anAsker, aWorkspaceId } from './samples.ts';

const DECIDED: ReasoningSettings = {
  routes: {
    small: [{ provider: 'ollama', model: 'qwen3:8b' }],
    large: [{ provider: 'claude', model: 'claude-opus-5' }],
  },
  reuseHours: 0,
  monthlyBudgetUsd: 12.5,
  callsPerHour: 40,
  keepPromptsDays: 7,
};

describeReasoningStores('settings', (open) => {
  test('are the usual ones where nobody decided anything', async () => {
    expect(await open().settings.reasoning(aWorkspaceId())).toEqual(USUAL_REASONING);
  });

  test('come back as they were saved last', async () => {
    const { settings } = open();
    const workspaceId = aWorkspaceId();
    await settings.saveReasoning(workspaceId, { ...DECIDED, reuseHours: 5 });
    await settings.saveReasoning(workspaceId, DECIDED);

    expect(await settings.reasoning(workspaceId)).toEqual(DECIDED);
    expect(await settings.reasoning(aWorkspaceId())).toEqual(USUAL_REASONING);
  });
});

for (const kind of ['PGlite', 'PostgreSQL'] as const)
  describeDatabase('stored settings', kind, (open) => {
    test.each([
      ['unknown parts', { ...DECIDED, colour: 'green' }, DECIDED],
      ['a part out of its range', { ...DECIDED, reuseHours: -1 }, { ...DECIDED, reuseHours: 72 }],
      ['a provider that is gone', { ...DECIDED, routes: { small: [{ provider: 'x' }] } }, { ...DECIDED, routes: null }],
      ['missing parts', { callsPerHour: 3 }, { ...USUAL_REASONING, callsPerHour: 3 }],
      ['no object at all', [1], USUAL_REASONING],
    ])('of another version, with %s, keep what can be read', async (_name, stored, expected) => {
      const { stores, sql } = open();
      const workspaceId = aWorkspaceId();
      await stores.settings.saveReasoning(workspaceId, DECIDED);
      await sql('update settings set value = $2::jsonb where workspace_id = $1', [workspaceId, JSON.stringify(stored)]);

      expect(await stores.settings.reasoning(workspaceId)).toEqual(expected);
    });

    test('about re-runs open nothing at first, come back as saved, with an audit entry, and by what can be read', async () => {
      const { stores, sql } = open();
      const admin = anAsker();
      const { workspaceId } = admin;
      const at = new Date('2026-11-28T12:00:00Z');
      expect(await stores.settings.openReruns(workspaceId)).toEqual([]);
      await stores.settings.saveOpenReruns(admin, OpenReruns.parse(['Acme/Web', 'lab/*']), at);

      expect(await stores.settings.openReruns(workspaceId)).toEqual(['acme/web', 'lab/*']);
      expect(await stores.settings.openReruns(aWorkspaceId())).toEqual([]);
      expect(await stores.settings.reasoning(workspaceId)).toEqual(USUAL_REASONING);
      const subject = { kind: 'workspace', id: workspaceId } as const;
      expect(await stores.audit.about(workspaceId, subject)).toEqual([
        { actor: admin.userId, action: 'open-reruns', subject, details: { open: 'acme/web lab/*' }, at },
      ]);
      await sql(`update settings set value = '["acme/*", "*", 7]' where workspace_id = $1`, [workspaceId]);
      expect(await stores.settings.openReruns(workspaceId)).toEqual(['acme/*']);
      await sql(`update settings set value = '"acme/*"' where workspace_id = $1`, [workspaceId]);
      expect(await stores.settings.openReruns(workspaceId)).toEqual([]);
    });
  });
