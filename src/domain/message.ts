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

/** What is shown below an address in somebody's message; `url` is the address as it stands there. */
export interface LinkPreview {
  url: string;
  message: Message;
}

/** A step of work that a message shows while it goes on. */
export interface StreamStep {
  /** The same step keeps it; what is said of it later replaces what was said before. */
  id: string;
  title: string;
  state: 'in-hand' | 'done' | 'failed';
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
    | 'cortex_sight'
    | 'cortex_happening';
  key: string;
}
