import type { CaseEvent } from "./case-file.ts";

/** The period in which a clock ran. If there is no `stop`, the clock still runs. */
export type Span = { readonly startedAt: number; readonly stop: CaseEvent | undefined };

/**
 * A run cannot contain so many incarnations of a clock. With a truncated history, the loop over the incarnations ends
 * at this limit.
 */
const incarnationsMax = 10_000;

/** The state of a case between two events, as far as the state concerns the customer. */
type SolutionState = "unsolved" | "resolved" | "closed";

/** Returns whether an event is a person's answer to the customer. The start of a handling counts as an answer. */
export function isAnswer({ type, side, content }: CaseEvent): boolean {
  return side === "person" && (type === "handling.started" || (type === "case.contacted" && content === "answer"));
}

/**
 * Returns whether an event is a customer's contact that needs an answer on a resolved case. A contact about the fix itself
 * needs no answer.
 */
export function isInquiry(event: CaseEvent): boolean {
  return isCustomers(event) && event.content !== "works" && event.content !== "still-broken";
}

function isCustomers({ type, side }: CaseEvent): boolean {
  return type === "case.contacted" && side === "customer";
}

/** Yields each event with the case's state before it. The events of one topic keep their order. */
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

/**
 * Returns the periods of the automatic closing. A period starts at the resolution, and again at each answer on the
 * resolved case. A period ends at an inquiry, an answer, a confirmation, a reopening or a closing.
 */
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
 * Returns the incarnations of the clock `reply`. The clock runs from the customer's contact on a solved case until a
 * person answers. After each breach, the next incarnation starts at the instant of the breach. The timer may read an
 * answer late. From the instant of the answer, `until` calculates the latest time at which the timer may still not have
 * read the answer.
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
