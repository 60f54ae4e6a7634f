import type { ChannelId, MessageTs, TeamId, UserId, WorkspaceId } from './ids.ts';
import type { Asker } from './member.ts';
import type { HomeTab, LinkPreview, Message, MessageKey, Modal, StreamStep, TextFile } from './message.ts';

export interface Place {
  /** A person's id means the direct conversation with that person. */
  channelId: ChannelId | UserId;
  threadTs?: MessageTs;
}

/** A thread, and the person there whom a stream answers, with the team that this person is of. */
export interface StreamPlace {
  channelId: ChannelId;
  threadTs: MessageTs;
  userId: UserId;
  teamId: TeamId;
}

/** Throws ChannelUnavailableError, WorkspaceRevokedError, MessageRefusedError, MessageGoneError or SlackUnavailableError. */
export interface Messenger {
  post(workspaceId: WorkspaceId, place: Place, message: Message, key: MessageKey): Promise<MessageTs>;
  /** `onTurn` is done when nothing stands between us and Slack any more. */
  update(
    workspaceId: WorkspaceId,
    place: { channelId: ChannelId; ts: MessageTs; onTurn?: () => Promise<void> },
    message: Message,
  ): Promise<void>;
  /**
   * Shares a file in a thread. `mayShare` is asked when it lies ready and nobody sees it yet; afterwards nobody can tell whether it stands
   * there. Throws ChannelUnavailableError with `missing_scope` where the workspace has not granted files.
   */
  attach(
    workspaceId: WorkspaceId,
    place: { channelId: ChannelId; threadTs: MessageTs },
    sharing: { file: TextFile; mayShare: () => Promise<boolean> },
  ): Promise<void>;
  /** Shows below a message of somebody what its links lead to; again for the same link replaces it. */
  unfurl(
    workspaceId: WorkspaceId,
    place: { channelId: ChannelId; ts: MessageTs },
    previews: readonly LinkPreview[],
  ): Promise<void>;
  /**
   * Begins a reply to a person that shows how far work has come; null where Slack takes none there, so that an ordinary message has to do,
   * and where `mayBegin` says no, which is asked when it is our turn in the channel. Until it is stopped it has no key.
   */
  startStream(
    workspaceId: WorkspaceId,
    place: StreamPlace,
    beginning: { steps: readonly StreamStep[]; mayBegin: () => Promise<boolean> },
  ): Promise<MessageTs | null>;
  appendStream(
    workspaceId: WorkspaceId,
    place: { channelId: ChannelId; ts: MessageTs },
    steps: readonly StreamStep[],
  ): Promise<void>;
  /** Ends it with the message that it was begun for; `ended` where it had ended before, and is to be edited like any other. */
  stopStream(
    workspaceId: WorkspaceId,
    place: { channelId: ChannelId; ts: MessageTs },
    end: { steps: readonly StreamStep[]; message: Message; key: MessageKey },
  ): Promise<'stopped' | 'ended'>;
  /** Looks for a message of ours by its key; null where there is none, or where we may not look. */
  findPosted(workspaceId: WorkspaceId, place: Place, key: MessageKey): Promise<MessageTs | null>;
  /** Says something to one person where they are; it is gone when they look again, and nobody else ever sees it. */
  whisper(asker: Asker, place: { channelId: ChannelId; threadTs?: MessageTs }, message: Message): Promise<void>;
  /** Answers a command or click through the address that Slack gave for it; replaces the earlier answer unless told not to. */
  respond(responseUrl: string, message: Message, options?: { isAppended?: boolean | undefined }): Promise<void>;
  publishHome(asker: Asker, view: HomeTab): Promise<void>;
  openModal(workspaceId: WorkspaceId, triggerId: string, view: Modal): Promise<void>;
}
