import { type Instant, topics } from "@crossline/contracts";
import { eventOf } from "../envelope.ts";
import type { Line } from "../line/line.ts";
import type { CaseClocks } from "./clock.ts";
import { decideMove } from "./decide.ts";
import { type Deadline, deadlineOf } from "./due.ts";

/**
 * One clock before and after a move. `new` is absent if the move ends the clock, and `old` is absent if the move starts the
 * clock. Each deadline is the deadline of the breach.
 */
export type MovedClock = {
  readonly clock: string;
  readonly kind: string;
  readonly old?: Deadline;
  readonly new?: Deadline;
};

/** Returns a case's clocks before and after a move to the line `to` at this instant. Nothing changes. */
export function previewMove(state: CaseClocks, from: Line, to: Line, at: Instant): readonly MovedClock[] {
  const data = { actor: { party: state.carrier, automated: false }, from: from.ref, line: to.ref, reason: "preview" };
  const { caseId: key, timeline, read } = state;
  const event = eventOf("case.moved", data, {
    topic: topics.case,
    key,
    sequence: read.case + 1,
    time: at,
    timeline,
  });
  const after = decideMove(state, event, { from, to }, at).state;
  const names = new Set([...state.clocks, ...after.clocks].map(({ name }) => name));
  return [...names].map((name) => {
    const [old, moved] = [state, after].map(({ clocks }) => clocks.find((clock) => clock.name === name));
    return {
      clock: name,
      kind: (moved ?? old)?.kind ?? "",
      ...(old !== undefined && { old: deadlineOf(old, from) }),
      ...(moved !== undefined && { new: deadlineOf(moved, to) }),
    };
  });
}
