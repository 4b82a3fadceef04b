import {
  type ChangeEvent,
  type EventContent,
  type Instant,
  type LinkedChange,
  type Refusal,
  formatInstant,
  topics,
} from "@crossline/contracts";
import type { Decision } from "../decision.ts";
import { eventOf } from "../envelope.ts";
import type { DueTask } from "../task/task.ts";

/** The state of an announced change. */
export type AnnouncedChange = {
  readonly id: string;
  readonly timeline: string;
  /** The company that announced the change. */
  readonly by: string;
  readonly title: string;
  readonly description: string;
  readonly mustDo?: string | undefined;
  readonly startsAt: Instant;
  readonly endsAt?: Instant | undefined;
  /** The symptoms that the change may cause. */
  readonly symptoms: readonly string[];
  /** The carriers whose cases the change can affect. */
  readonly carriers: readonly string[];
  readonly scope: ChangeScope;
  readonly announcedAt: Instant;
  readonly confirmBy: Instant;
  readonly receipts: readonly Receipt[];
  readonly withdrawn?: { readonly at: Instant; readonly reason: string };
  /** The sequence of the last event of the change. */
  readonly sequence: number;
};

/** The cases that a change can affect. An absent field allows every value. */
type ChangeScope = {
  readonly vendor?: string | undefined;
  readonly models?: readonly string[] | undefined;
  readonly regions?: readonly string[] | undefined;
  /** The number of listed devices and customers. The list itself is stored as hashes, apart from the state. */
  readonly identities?: number | undefined;
};

/** The receipt of one affected company. */
export type Receipt = { readonly company: string } & (
  | { readonly is: "awaited"; readonly reminded: boolean }
  | { readonly is: "overdue" }
  | {
      readonly is: "confirmed";
      readonly at: Instant;
      readonly person?: string | undefined;
      /** True if the company confirmed after the deadline. */
      readonly wasOverdue: boolean;
    }
);

/** A decision about a change. The caller saves the state, the messages and the tasks in one transaction. */
export type ChangeDecision = Decision<AnnouncedChange, ChangeEvent> & { readonly tasks: readonly DueTask[] };

/** The result of a command on a change: a decision, or a refusal that changes nothing. */
export type ChangeOutcome = ChangeDecision | { readonly refused: Refusal };

const dayMs = 86_400_000;

/** A change that is announced less than this time before its start is late. */
const noticeMs = 3 * dayMs;

/** A case is linked to a change if the case is opened at most this time after the end of the change. */
const effectMs = 7 * dayMs;

/** Returns how much too late a change was announced; undefined if it was announced in time. */
export function lateByMs({
  startsAt,
  announcedAt,
}: Pick<AnnouncedChange, "startsAt" | "announcedAt">): number | undefined {
  const missing = noticeMs - (startsAt - announcedAt);
  return missing > 0 ? missing : undefined;
}

/** Returns the last instant at which a case can be a consequence of the change. */
export function effectUntil({ startsAt, endsAt }: Pick<AnnouncedChange, "startsAt" | "endsAt">): Instant {
  return (endsAt ?? startsAt) + effectMs;
}

/** Returns the fields of a change that a linked case contains. */
export function linkOf(change: AnnouncedChange): LinkedChange {
  const { id: changeId, by, title, startsAt } = change;
  return { changeId, by, title, startsAt: formatInstant(startsAt), late: lateByMs(change) !== undefined };
}

/** Returns the fields that every event of a change has, except its actor and its receivers. */
export function aboutOf({ by, title, startsAt }: AnnouncedChange) {
  return { by, title, startsAt: formatInstant(startsAt) };
}

/** Appends an event of the change topic to a decision, with its sequence. */
export function appendChangeEvent(
  { state, messages, tasks }: ChangeDecision,
  at: Instant,
  { type, data }: EventContent<ChangeEvent["type"]>,
): ChangeDecision {
  const { id: key, timeline } = state;
  const sequence = state.sequence + 1;
  const message = eventOf(type, data, { topic: topics.change, key, sequence, time: at, timeline });
  return { state: { ...state, sequence }, messages: [...messages, message], tasks };
}
