import { createReadStream, createWriteStream } from "node:fs";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** What a client asked for. `mark` is found again in the fact that it leads to, if it leads to one. */
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
  /** Of a contact. */
  readonly content?: string;
};

/** What it was answered, in the end; without a status it gave up, and does not know. */
export type CommandResponse = {
  readonly e: "answered";
  readonly at: number;
  readonly n: number;
  readonly tries: number;
  readonly status?: number;
  readonly code?: string;
  readonly caseId?: string;
  readonly id?: string;
  /** When it happened, by the answer. */
  readonly time?: number;
};

/** A record as an outside consumer read it; `data` has what the checker wants to know of it. */
export type SeenRecord = {
  readonly e: "record";
  readonly at: number;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** The broker's own time of it. */
  readonly stamp: number;
  readonly key: string;
  readonly id: string;
  readonly type: string;
  readonly sequence: number;
  readonly time: number;
  /** Of value and headers: the same fact has the same one at every delivery. */
  readonly hash: string;
  readonly data: Readonly<Record<string, unknown>>;
};

/** A webhook that a receiver took. */
type WebhookReceipt = { readonly e: "webhook"; readonly at: number; readonly receiver: string; readonly id: string };

/** A case as its carrier saw it at the end. */
export type CaseView = {
  readonly e: "view";
  readonly at: number;
  readonly caseId: string;
  readonly openedAt: number;
  readonly asOf: number;
  readonly held: Readonly<Record<string, number>>;
};

/** A fault begins or is over. */
export type FaultNote = {
  readonly e: "fault";
  readonly at: number;
  readonly step: number;
  readonly name: string;
  readonly phase: "begins" | "over" | "skipped" | "failed";
  readonly why?: string;
};

/**
 * Records that were deleted before a service had read them: `from` the first offset, `to` the one after the last. From then
 * until `silentUntil` no client asked for anything.
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

/** The first line: what holds for all others. */
export type RunSetting = {
  readonly e: "setting";
  readonly at: number;
  readonly seed: number;
  readonly vendor: string;
  readonly lines: Readonly<Record<string, readonly ClockOfLine[]>>;
  /** The receiver that misses nothing, and what it has subscribed to. */
  readonly receiver: string;
  readonly subscribed: readonly string[];
};

/** The last line. What was due by then must have been seen. */
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

/** Opens a history: one JSON document a line, only ever appended to. */
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

/** Reads a history, from its beginning. */
export async function* readHistory(file: string): AsyncIterable<Entry> {
  for await (const line of createInterface({ input: createReadStream(file) })) yield JSON.parse(line) as Entry;
}
