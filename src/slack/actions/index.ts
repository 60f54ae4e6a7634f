import type { App, BlockAction, ButtonAction } from '@slack/bolt';
import { ACTION } from '../../messages/action-ids.ts';
import type { ListenerContext, RequestContext } from '../listener.ts';
import { acknowledge } from './acknowledge.ts';
import { disconnectGitHub } from './disconnect-github.ts';
import { editAnswers, editReruns, editSettings } from './edit-settings.ts';
import { chooseInFailureMenu } from './failure-menu.ts';
import { judgeSummary } from './feedback.ts';
import { openFullAnalysis } from './full-analysis.ts';
import { turnHomePage } from './home-page.ts';
import { openIssue } from './issue.ts';
import { split } from './merge.ts';
import { reanalyze } from './reanalyze.ts';
import { rerun } from './rerun.ts';
import { deleteRule, dropRule, editRule, explainFile, keepRule, newRule } from './rules.ts';
import { showListedFailure } from './show-listed.ts';
import { unlinkOwnAccounts } from './unlink-accounts.ts';
import { viewRun } from './view-run.ts';

type Click = { action: ButtonAction; body: BlockAction; request: RequestContext };
type ActionListener = (context: ListenerContext, click: Click) => Promise<void>;

/**
 * Every button by its action id; several of a kind in one view have a tail, `view-run:TAIL`. Slack's feedback buttons send what a
 * button sends; a menu's listener reads what was chosen itself.
 */
const ACTIONS: Record<(typeof ACTION)[keyof typeof ACTION], ActionListener> = {
  [ACTION.reanalyze]: reanalyze,
  [ACTION.fullAnalysis]: openFullAnalysis,
  [ACTION.viewRun]: viewRun,
  [ACTION.homePage]: turnHomePage,
  [ACTION.feedback]: judgeSummary,
  [ACTION.editSettings]: editSettings,
  [ACTION.editReruns]: editReruns,
  [ACTION.editAnswers]: editAnswers,
  [ACTION.editRule]: editRule,
  [ACTION.deleteRule]: deleteRule,
  [ACTION.newRule]: newRule,
  [ACTION.keepRule]: keepRule,
  [ACTION.dropRule]: dropRule,
  [ACTION.explainFile]: explainFile,
  [ACTION.acknowledge]: acknowledge,
  [ACTION.rerun]: rerun,
  [ACTION.failureMenu]: chooseInFailureMenu,
  [ACTION.split]: split,
  [ACTION.createIssue]: openIssue,
  [ACTION.viewIssue]: viewRun,
  [ACTION.showListed]: showListedFailure,
  [ACTION.unlinkAccounts]: unlinkOwnAccounts,
  [ACTION.connectGitHub]: viewRun,
  [ACTION.disconnectGitHub]: disconnectGitHub,
};

export function registerActions(app: App, context: ListenerContext): void {
  for (const [name, listener] of Object.entries(ACTIONS)) {
    const actionId = new RegExp(`^${name}(?::.{1,100})?$`, 'u');
    app.action<BlockAction<ButtonAction>>(
      { type: 'block_actions', action_id: actionId },
      ({ action, body, context: request }) => listener(context, { action, body, request }),
    );
  }
}
