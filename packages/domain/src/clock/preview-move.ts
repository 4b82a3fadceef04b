import { type Instant, formatInstant, topics } from "@crossline/contracts";
import { eventOf } from "../envelope.ts";
import { calendarOf } from "../line/clock-rules.ts";
import type { Line } from "../line/line.ts";
import type { CaseClocks, Clock } from "./clock.ts";
import { thresholdDue } from "./counting.ts";
import { decide } from "./decide.ts";

/** One clock before and after a move: only `old` where it would end, only `new` where it would start. Instants are of its breach. */
export type MovedClock = {
  readonly clock: string;
  readonly kind: string;
  readonly old?: { readonly targetMs: number; readonly dueAt?: string };
  readonly new?: { readonly targetMs: number; readonly dueAt?: string };
};

/** What would become of a case's clocks if it were moved to `to` at this instant. Nothing is changed. */
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
  const after = decide(state, event, from, at, to).state;
  const names = new Set([...state.clocks, ...after.clocks].map(({ name }) => name));
  return [...names].map((name) => {
    const [old, anew] = [state, after].map(({ clocks }) => clocks.find((clock) => clock.name === name));
    return {
      clock: name,
      kind: (anew ?? old)?.kind ?? "",
      ...(old !== undefined && { old: breachOf(old, from) }),
      ...(anew !== undefined && { new: breachOf(anew, to) }),
    };
  });
}

function breachOf(clock: Clock, line: Line): { readonly targetMs: number; readonly dueAt?: string } {
  const due = thresholdDue(clock, calendarOf(line, clock), 100);
  return { targetMs: clock.targetMs, ...(due !== undefined && { dueAt: formatInstant(due) }) };
}
