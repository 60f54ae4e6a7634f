import { z } from 'zod';
import { commandHelp, helpMessage, unknownCommandMessage } from '../../messages/help.ts';
import { defineCommand, suggest } from '../command.ts';

export const help = defineCommand({
  name: 'help',
  usage: 'help [command]',
  summary: 'shows what I can do, or explains one command',
  examples: ['help', 'help summarize'],
  needs: 'help.read',
  args: z.array(z.string()).max(2),
  problem: 'Help takes the name of one command, or nothing.',
  async run({ commands }, [name]) {
    if (name === undefined) return helpMessage(commands);
    const found = commands.find((command) => command.name === name.toLowerCase());
    if (found !== undefined) return commandHelp(found);
    const meant = suggest(
      name,
      commands.map((command) => command.name),
    );
    return unknownCommandMessage(name, meant && `help ${meant}`);
  },
});
