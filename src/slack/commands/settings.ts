import { z } from 'zod';
import { authorize } from '../../auth/authorize.ts';
import { settingsMessage } from '../../messages/settings.ts';
import { defineCommand } from '../command.ts';
import { readSettingsState } from '../settings-state.ts';

export const settings = defineCommand({
  name: 'settings',
  usage: 'settings',
  summary: 'shows which models are asked and what they may cost; admins can change it',
  examples: ['settings'],
  needs: 'settings.read',
  args: z.tuple([]),
  problem: 'This takes nothing else: admins change the settings with the button below them.',
  async run({ ports, asker }) {
    const state = await readSettingsState(ports, asker.workspaceId);
    const { kind } = await authorize(ports, asker, 'settings.manage');
    return settingsMessage(state, { mayEdit: kind === 'allowed' });
  },
});
