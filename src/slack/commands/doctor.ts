import { z } from 'zod';
import { authorize } from '../../auth/authorize.ts';
import { doctorMessage } from '../../messages/doctor.ts';
import { examine } from '../../notify/doctor/examine.ts';
import { defineCommand } from '../command.ts';
import { SCOPES } from '../options.ts';

/** The person waits: what has not answered by then is told as late. */
const CHECK_WITHIN_MS = 2_500;

export const doctor = defineCommand({
  name: 'doctor',
  usage: 'doctor',
  summary: 'says why this channel hears of something or does not; admins see how everything is doing',
  examples: ['doctor'],
  needs: 'doctor.read',
  args: z.tuple([]),
  problem: 'This takes nothing else: it looks at this channel and, for admins, at everything.',
  async run({ ports, asker, channelId }) {
    const { workspaceId } = asker;
    const isAll = (await authorize(ports, asker, 'doctor.read-all')).kind === 'allowed';
    const patient = { isAll, workspaceId, channelId, neededScopes: SCOPES };
    return doctorMessage(await examine(ports, patient, { withinMs: CHECK_WITHIN_MS }));
  },
});
