import type { HomeTab, Message, Modal } from '../../src/domain/message.ts';

/** Something that a user can see, in one state. `name` becomes the name of its picture. */
export type GalleryState =
  | { name: string; kind: 'message'; shown: Message; isPrivate: boolean }
  | { name: string; kind: 'home'; shown: HomeTab }
  | { name: string; kind: 'modal'; shown: Modal };

/** A message that everybody in the channel sees. */
export function posted(name: string, shown: Message): GalleryState {
  return { name, kind: 'message', shown, isPrivate: false };
}

/** An answer for one person's eyes. */
export function told(name: string, shown: Message): GalleryState {
  return { name, kind: 'message', shown, isPrivate: true };
}

export function home(name: string, shown: HomeTab): GalleryState {
  return { name, kind: 'home', shown };
}

export function modal(name: string, shown: Modal): GalleryState {
  return { name, kind: 'modal', shown };
}
