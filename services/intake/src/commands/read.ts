import type { Instant, Refusal } from "@crossline/contracts";
import type { Tried } from "@crossline/domain";
import type { Answer, Claim } from "@crossline/idempotency";
import type { CaseRow } from "../store/cases.ts";
import type { KnownOfCase } from "../store/merging.ts";
import type { Lines, MatchedLine } from "../store/lines.ts";
import type { Item } from "./item.ts";
import type { Surroundings } from "./surroundings.ts";

/** What an item came to before it was written. */
export type Decided = Answer | Refusal;

/** What was read for a batch of items. */
export type Read = {
  readonly claims: readonly Claim[];
  readonly rows: readonly CaseRow[];
  readonly now: Instant;
  readonly lines: Lines;
  /** What each opening and each move asked for, by `lineOf`. */
  readonly matched: ReadonlyMap<string, MatchedLine | undefined>;
  /** Ids by the carriers' own; what this batch opens is added. */
  readonly taken: Map<string, string>;
  readonly said: ReadonlySet<Item>;
  readonly tried: ReadonlyMap<Item, Tried>;
  /** What is known of cases that are to be merged into others, by their ids. */
  readonly known: ReadonlyMap<string, KnownOfCase>;
  /** What else lines ask of the cases that are opened under them; few do. */
  readonly surroundings: Surroundings;
};

/** The same messages, as parts of the request's trace. */
export function traced<M extends object>(messages: readonly M[], traceparent: string | undefined): readonly M[] {
  return traceparent === undefined ? messages : messages.map((message) => ({ ...message, traceparent }));
}
