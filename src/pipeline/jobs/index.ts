import type { Room } from '../../domain/roundup.ts';
import type { AnalysisSettings } from '../diagnose.ts';
import type { JobTable } from '../job.ts';
import { createAnalyzeRun } from './analyze-run.ts';
import { createAnswerRequest } from './answer-request.ts';
import { deliverRecovery } from './deliver-recovery.ts';
import { deliverRoundup } from './deliver-roundup.ts';
import { answerOnGitHub } from './answer-on-github.ts';
import { createDeliverSummary } from './deliver-summary.ts';
import { endMute } from './end-mute.ts';
import { notifyAdmin } from './notify-admin.ts';
import { notifyAdmins } from './notify-admins.ts';
import { processEvent } from './process-event.ts';
import { readRules } from './read-rules.ts';
import { refreshFailure } from './refresh-failure.ts';
import { refreshGroup } from './refresh-group.ts';
import { tellHappening, tellHappenings } from './tell-happening.ts';
import { tellRules } from './tell-rules.ts';
import { tellRun } from './tell-run.ts';
import { unfurlLinks } from './unfurl-links.ts';

export interface JobSettings extends AnalysisSettings {
  /** How many failures get a message of their own in a channel. */
  room: Room;
}

/** Every kind of job with what does it. */
export function createJobs({ room, ...analysis }: JobSettings): JobTable {
  const settings = { flights: new Map(), ...analysis };
  return {
    'process-event': processEvent,
    'analyze-run': createAnalyzeRun(settings),
    'answer-request': createAnswerRequest(settings),
    'unfurl-links': unfurlLinks,
    'deliver-summary': createDeliverSummary(room),
    'deliver-roundup': deliverRoundup,
    'deliver-recovery': deliverRecovery,
    'tell-run': tellRun,
    'tell-happening': tellHappening,
    'tell-happenings': tellHappenings,
    'refresh-failure': refreshFailure,
    'refresh-group': refreshGroup,
    'read-rules': readRules,
    'tell-rules': tellRules,
    'answer-on-github': answerOnGitHub,
    'end-mute': endMute,
    'notify-admins': notifyAdmins,
    'notify-admin': notifyAdmin,
  };
}
