import { type Clock, type ClockInput, type CrossingInput, formatStart } from "@crossline/domain";
import { type Rules, domainRules } from "./rules.ts";

/** Wrong rules that lose an obligation, or that mistake an act of the customer for an act of a company. */
export const forgetfulRules: Readonly<Record<string, Rules>> = {
  "a closed case loses its paused clocks": changeClocks((event, clocks) => {
    const paused = new Set<Clock["kind"]>(["first-response", "next-update", "need-by", "resolution", "promise"]);
    return event.type === "case.closed" ? clocks.filter(({ kind }) => !paused.has(kind)) : clocks;
  }),
  "a reopening repeats the warnings": changeClocks((event, clocks) =>
    event.type === "case.reopened" ? clocks.map((clock) => ({ ...clock, fired: [] })) : clocks,
  ),
  "a failed message is not owed again": changeClocks((event, clocks) =>
    event.type === "message.failed"
      ? clocks.filter(({ start }) => formatStart(start) !== `case/${event.sequence}`)
      : clocks,
  ),
  "an inquiry counts as an answer": {
    ...domainRules,
    decide: (state, event, line, now) => domainRules.decide(state, asAnswer(event), line, now),
  },
  "a customer's entry is the holder's sign of life": changeClocks((event, clocks) =>
    event.type === "entry.added" && event.data.by === "customer"
      ? clocks.map((clock) => (clock.kind === "stall.idle" ? { ...clock, counted: [{ from: event.time }] } : clock))
      : clocks,
  ),
  "a case closes in spite of an inquiry": {
    ...domainRules,
    applyToCase: (state, event, now) => {
      const isClosing = event.type === "clock.breached" && event.data.kind === "confirmation";
      return domainRules.applyToCase(isClosing ? { ...state, statusSince: 0 } : state, event, now);
    },
  },
  "an answered case never closes": changeClocks((event, clocks) =>
    event.type === "case.contacted" ? clocks.filter(({ kind }) => kind !== "confirmation") : clocks,
  ),
  "a closed case owes no reply": changeClocks((_, clocks, status) =>
    status === "closed" ? clocks.filter(({ kind }) => kind !== "reply") : clocks,
  ),
  "a late reply causes only one page": changeReactions((event) => {
    const isRepeated = event.type === "clock.breached" && event.data.incarnation.startsWith("clock/");
    return isRepeated && event.data.kind === "reply" ? { ...event, type: "clock.warned" } : event;
  }),
};

type ClockChange = (event: ClockInput, clocks: readonly Clock[], status: string) => readonly Clock[];

/** Returns a copy of the domain's rules that changes the clocks after each event. */
function changeClocks(change: ClockChange): Rules {
  return {
    ...domainRules,
    decide: (state, event, line, now) => {
      const decision = domainRules.decide(state, event, line, now);
      const clocks = change(event, decision.state.clocks, decision.state.status);
      return { ...decision, state: { ...decision.state, clocks } };
    },
  };
}

/** Returns a copy of the domain's rules that changes each event before routing reads the event. */
export function changeReactions(change: (event: CrossingInput) => CrossingInput): Rules {
  return {
    ...domainRules,
    react: (state, event, ...rest) => domainRules.react(state, change(event), ...rest),
  };
}

function asAnswer(event: ClockInput): ClockInput {
  if (event.type !== "case.contacted" || event.data.content !== "inquiry") return event;
  const actor = { ...event.data.actor, automated: false };
  return { ...event, data: { ...event.data, actor, direction: "outbound", content: "answer" } };
}
