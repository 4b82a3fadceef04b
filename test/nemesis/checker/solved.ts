import type { CaseEvent } from "./case-file.ts";

/** From when to when a clock ran; without a stop it still runs. */
export type Span = { readonly startedAt: number; readonly stop: CaseEvent | undefined };

/** More often than a run is long: a history that breaks off has no end. */
const incarnationsMax = 10_000;

/** Where a case stands after some of its events, as far as its customer is concerned. */
type SolutionState = "unsolved" | "resolved" | "closed";

/** A person's answer to the customer; a handling that begins is one. */
export function isAnswer({ type, side, content }: CaseEvent): boolean {
  return side === "person" && (type === "handling.started" || (type === "case.contacted" && content === "answer"));
}

/** A contact of the customer that waits for an answer on a resolved case: anything but a word on the cure. */
export function isInquiry(event: CaseEvent): boolean {
  return isCustomers(event) && event.content !== "works" && event.content !== "still-broken";
}

function isCustomers({ type, side }: CaseEvent): boolean {
  return type === "case.contacted" && side === "customer";
}

/** The case as it stood before each of its events. The events of one topic are in their order. */
export function* solutionStates(
  events: readonly CaseEvent[],
): Generator<readonly [event: CaseEvent, before: SolutionState]> {
  let state: SolutionState = "unsolved";
  for (const event of events) {
    yield [event, state];
    if (event.type === "case.resolved") state = "resolved";
    else if (event.type === "case.closed") state = "closed";
    else if (event.type === "case.reopened") state = "unsolved";
  }
}

/** The automatic closing: from the cure, or the last answer on the resolved case, until the customer asks or the case moves on. */
export function closingSpans(events: readonly CaseEvent[]): Span[] {
  const spans: Span[] = [];
  let startedAt: number | undefined;
  for (const [event, before] of solutionStates(events)) {
    const isContactOnResolved = before === "resolved" && (isInquiry(event) || isAnswer(event));
    const isOver = ["case.closed", "case.reopened", "case.confirmed"].includes(event.type);
    if (startedAt !== undefined && (isContactOnResolved || isOver)) {
      spans.push({ startedAt, stop: event });
      startedAt = undefined;
    }
    if (event.type === "case.resolved" || (before === "resolved" && isAnswer(event))) startedAt = event.time;
  }
  return startedAt === undefined ? spans : [...spans, { startedAt, stop: undefined }];
}

/**
 * A reply that is owed: from the customer's contact on a solved case until a person answers. After each breach it is owed once more,
 * from that instant on. `until`: how long after the answer reached the broker the timer may not have read it.
 */
export function replySpans(
  events: readonly CaseEvent[],
  targetMs: number,
  until: (answeredAt: number) => number,
): Span[] {
  const spans: Span[] = [];
  let owedSince: number | undefined;
  const end = (stop: CaseEvent | undefined): void => {
    if (owedSince === undefined) return;
    const last = until(stop?.stamp ?? Infinity);
    for (let count = 0, at = owedSince; at <= last && count < incarnationsMax; count++, at += targetMs)
      spans.push({ startedAt: at, stop });
    owedSince = undefined;
  };
  for (const [event, before] of solutionStates(events)) {
    const asks = before === "resolved" ? isInquiry(event) : before === "closed" && isCustomers(event);
    if (asks) owedSince ??= event.time;
    else if (isAnswer(event)) end(event);
  }
  end(undefined);
  return spans;
}
