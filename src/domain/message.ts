import type { HomeView, KnownBlock, ModalView } from '@slack/types';

/** A Slack message: `text` is what notifications and screen readers use, so it says everything that matters. */
export interface Message {
  text: string;
  blocks: KnownBlock[];
}

/** A file for people to read. */
export interface TextFile {
  name: string;
  title: string;
  text: string;
}

export type HomeTab = HomeView;
export type Modal = ModalView;

/**
 * What travels in a message's metadata, so that a message can be recognised as ours after a crash between Slack's answer
 * and our commit. `key` is unique per message we mean to post.
 */
export interface MessageKey {
  eventType:
    | 'cortex_failure'
    | 'cortex_reply'
    | 'cortex_notice'
    | 'cortex_roundup'
    | 'cortex_run'
    | 'cortex_rules'
    | 'cortex_happening';
  key: string;
}
