import type { AnalysisSettings } from '../diagnose.ts';
import type { JobTable } from '../job.ts';
import { createAnalyzeRun } from './analyze-run.ts';
import { createAnswerRequest } from './answer-request.ts';
import { deliverRecovery } from './deliver-recovery.ts';
import { deliverSummary } from './deliver-summary.ts';
import { endMute } from './end-mute.ts';
import { notifyAdmin } from './notify-admin.ts';
import { notifyAdmins } from './notify-admins.ts';
import { processEvent } from './process-event.ts';
import { refreshFailure } from './refresh-failure.ts';
import { tellRun } from './tell-run.ts';

/** Every kind of job with what does it. */
export function createJobs(analysis: AnalysisSettings): JobTable {
  const settings = { flights: new Map(), ...analysis };
  return {
    'process-event': processEvent,
    'analyze-run': createAnalyzeRun(settings),
    'answer-request': createAnswerRequest(settings),
    'deliver-summary': deliverSummary,
    'deliver-recovery': deliverRecovery,
    'tell-run': tellRun,
    'refresh-failure': refreshFailure,
    'end-mute': endMute,
    'notify-admins': notifyAdmins,
    'notify-admin': notifyAdmin,
  };
}
