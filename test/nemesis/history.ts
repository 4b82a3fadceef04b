import { createReadStream, createWriteStream } from "node:fs";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** A client's command. `mark` appears in the event that the command causes. */
export type CommandRequest = {
  readonly e: "asked";
  readonly at: number;
  readonly n: number;
  readonly op: "open" | "close" | "solve" | "contact" | "entry" | "end" | "claim" | "accept" | "resolve" | "confirm";
  readonly party: string;
  readonly caseId?: string;
  readonly handoffId?: string;
  readonly line?: string;
  readonly mark?: string;
  /** The content of a contact. */
  readonly content?: string;
};

/** The final response to a command. If the response has no status, the client gave up, and the outcome is unknown. */
export type CommandResponse = {
  readonly e: "answered";
  readonly at: number;
  readonly n: number;
  readonly tries: number;
  readonly status?: number;
  readonly code?: string;
  readonly caseId?: string;
  readonly id?: string;
  /** The time of the event, from the response. */
  readonly time?: number;
};

/** A record as the witness read it. `data` has the fields that the checker uses. */
export type SeenRecord = {
  readonly e: "record";
  readonly at: number;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** The broker's timestamp. */
  readonly stamp: number;
  readonly key: string;
  readonly id: string;
  readonly type: string;
  readonly sequence: number;
  readonly time: number;
  /** The hash of value and headers, which is the same at every delivery of an event. */
  readonly hash: string;
  readonly data: Readonly<Record<string, unknown>>;
};

/** A webhook that a receiver accepted. */
type WebhookReceipt = { readonly e: "webhook"; readonly at: number; readonly receiver: string; readonly id: string };

/** A case as the carrier read it at the end. */
export type CaseView = {
  readonly e: "view";
  readonly at: number;
  readonly caseId: string;
  readonly openedAt: number;
  readonly asOf: number;
  readonly held: Readonly<Record<string, number>>;
};

/** The start or the end of a fault. */
export type FaultNote = {
  readonly e: "fault";
  readonly at: number;
  readonly step: number;
  readonly name: string;
  readonly phase: "begins" | "over" | "skipped" | "failed";
  readonly why?: string;
};

/**
 * Records that were deleted before a service had read them. `from` is the first deleted offset, and `to` is the offset after the
 * last one. After the deletion no client sent a request until `silentUntil`.
 */
export type TrimNote = {
  readonly e: "trim";
  readonly at: number;
  readonly silentUntil: number;
  readonly service: string;
  readonly topic: string;
  readonly partition: number;
  readonly from: number;
  readonly to: number;
};

export type ClockOfLine = {
  readonly name: string;
  readonly kind: "first-response" | "stall.busy" | "confirmation" | "reply";
  readonly targetMs: number;
  readonly thresholds: readonly number[];
};

/** The first entry, with the settings of the run. */
export type RunSetting = {
  readonly e: "setting";
  readonly at: number;
  readonly seed: number;
  readonly vendor: string;
  readonly lines: Readonly<Record<string, readonly ClockOfLine[]>>;
  /** The receiver that always works, and its event types. */
  readonly receiver: string;
  readonly subscribed: readonly string[];
};

/**
 * The last entry of a history. Every firing that was due earlier than the checker's grace before `settledAt` must be in
 * the history.
 */
type EndNote = { readonly e: "ended"; readonly at: number; readonly settledAt: number };

export type Entry =
  | RunSetting
  | CommandRequest
  | CommandResponse
  | SeenRecord
  | WebhookReceipt
  | CaseView
  | FaultNote
  | TrimNote
  | EndNote;

export type History = { readonly write: (entry: Entry) => void; readonly close: () => Promise<void> };

/** Opens a history file, to which each entry is appended as one JSON document per line. */
export function openHistory(file: string): History {
  const stream = createWriteStream(file, { flags: "a" });
  return {
    write: (entry) => void stream.write(`${JSON.stringify(entry)}\n`),
    close: async () => {
      stream.end();
      await once(stream, "close");
    },
  };
}

/** Reads a history file from its beginning. */
export async function* readHistory(file: string): AsyncIterable<Entry> {
  for await (const line of createInterface({ input: createReadStream(file) })) yield JSON.parse(line) as Entry;
}
