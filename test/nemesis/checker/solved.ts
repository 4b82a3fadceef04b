import type { Fact } from "./case-file.ts";

/** From when to when a clock ran; without a stop it still runs. */
export type Span = { readonly startedAt: number; readonly stop: Fact | undefined };

/** More often than a run is long: a history that breaks off has no end. */
const incarnationsMax = 10_000;

/** Where a case stands after some of its facts, as far as its customer is concerned. */
type Standing = "unsolved" | "resolved" | "closed";

/** A person's answer to the customer; a handling that begins is one. */
export function isAnswer({ type, side, content }: Fact): boolean {
  return side === "person" && (type === "handling.started" || (type === "case.contacted" && content === "answer"));
}

/** A contact of the customer that waits for an answer on a resolved case: anything but a word on the cure. */
export function isInquiry(fact: Fact): boolean {
  return isCustomers(fact) && fact.content !== "works" && fact.content !== "still-broken";
}

function isCustomers({ type, side }: Fact): boolean {
  return type === "case.contacted" && side === "customer";
}

/** The case as it stood before each of its facts. The facts of one topic are in their order. */
export function* standings(facts: readonly Fact[]): Generator<readonly [fact: Fact, before: Standing]> {
  let standing: Standing = "unsolved";
  for (const fact of facts) {
    yield [fact, standing];
    if (fact.type === "case.resolved") standing = "resolved";
    else if (fact.type === "case.closed") standing = "closed";
    else if (fact.type === "case.reopened") standing = "unsolved";
  }
}

/** The automatic closing: from the cure, or the last answer on the resolved case, until the customer asks or the case moves on. */
export function closingSpans(facts: readonly Fact[]): Span[] {
  const spans: Span[] = [];
  let startedAt: number | undefined;
  for (const [fact, before] of standings(facts)) {
    const isHeard = before === "resolved" && (isInquiry(fact) || isAnswer(fact));
    const isOver = ["case.closed", "case.reopened", "case.confirmed"].includes(fact.type);
    if (startedAt !== undefined && (isHeard || isOver)) {
      spans.push({ startedAt, stop: fact });
      startedAt = undefined;
    }
    if (fact.type === "case.resolved" || (before === "resolved" && isAnswer(fact))) startedAt = fact.time;
  }
  return startedAt === undefined ? spans : [...spans, { startedAt, stop: undefined }];
}

/**
 * A reply that is owed: from the customer's contact on a solved case until a person answers. After each breach it is owed once more,
 * from that instant on. `until`: how long after the answer reached the broker the timer may not have read it.
 */
export function replySpans(facts: readonly Fact[], targetMs: number, until: (answeredAt: number) => number): Span[] {
  const spans: Span[] = [];
  let owedSince: number | undefined;
  const end = (stop: Fact | undefined): void => {
    if (owedSince === undefined) return;
    const last = until(stop?.stamp ?? Infinity);
    for (let count = 0, at = owedSince; at <= last && count < incarnationsMax; count++, at += targetMs)
      spans.push({ startedAt: at, stop });
    owedSince = undefined;
  };
  for (const [fact, before] of standings(facts)) {
    const asks = before === "resolved" ? isInquiry(fact) : before === "closed" && isCustomers(fact);
    if (asks) owedSince ??= fact.time;
    else if (isAnswer(fact)) end(fact);
  }
  end(undefined);
  return spans;
}
