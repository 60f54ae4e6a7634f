import { z } from 'zod';
import type { Asker } from '../../domain/member.ts';
import type { Modal } from '../../domain/message.ts';
import type { ListenerContext } from '../listener.ts';

/** A window that a person sent off. */
export interface Submission {
  asker: Asker;
  /** What we gave it when it was opened. */
  metadata: string;
  /** What was typed or chosen, by the name of the field; empty fields are absent. */
  values: ReadonlyMap<string, string>;
}

/** What the window does. */
export type SubmitAnswer =
  | { kind: 'close' }
  /** Stays open, with sentences at its fields. */
  | { kind: 'errors'; errors: Record<string, string> }
  | { kind: 'show'; view: Modal }
  /** Another window over this one, to which closing it leads back. */
  | { kind: 'lay-over'; view: Modal }
  /** Closes this window and those below it. */
  | { kind: 'close-all' };

export interface SubmitOutcome {
  answer: SubmitAnswer;
  /** Done once the window is answered; a failure of it is logged only. */
  afterwards?: () => Promise<void>;
}

export type ViewListener = (context: ListenerContext, submission: Submission) => Promise<SubmitOutcome>;

/** docs.slack.dev/reference/views, state of a view, as far as our fields have one. */
const ViewState = z.record(
  z.string(),
  z.record(
    z.string(),
    z.object({
      value: z.string().nullish(),
      selected_option: z.object({ value: z.string() }).nullish(),
      selected_options: z.array(z.object({ value: z.string() })).nullish(),
      selected_user: z.string().nullish(),
    }),
  ),
);

/** What was typed or chosen, several choices with commas between them; a field of ours is one block with one element. */
export function readValues(state: unknown): Map<string, string> {
  const parsed = ViewState.safeParse(state);
  const fields = parsed.success ? Object.entries(parsed.data) : [];
  return new Map(
    fields.flatMap(([name, elements]) =>
      Object.values(elements).flatMap((element) => {
        const several = element.selected_options?.map((option) => option.value).join(',');
        const value = element.value ?? element.selected_option?.value ?? several ?? element.selected_user ?? '';
        return value.trim() === '' ? [] : [[name, value.trim()] as const];
      }),
    ),
  );
}
