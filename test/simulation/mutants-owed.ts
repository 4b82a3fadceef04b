import type { Clock, ClockInput, CrossingInput } from "@crossline/domain";
import { type Rules, domainRules } from "./rules.ts";

/** Ways to forget what is owed to the customer, or to read the customer's act as the company's own. */
export const forgetfulRules: Readonly<Record<string, Rules>> = {
  "what rests in a closed case is forgotten": changeClocks((event, clocks) => {
    const rests = new Set<Clock["kind"]>(["first-response", "next-update", "need-by", "resolution", "promise"]);
    return event.type === "case.closed" ? clocks.filter(({ kind }) => !rests.has(kind)) : clocks;
  }),
  "a reopening lets the warnings fire once more": changeClocks((event, clocks) =>
    event.type === "case.reopened" ? clocks.map((clock) => ({ ...clock, fired: [] })) : clocks,
  ),
  "a letter is taken for an answer": {
    ...domainRules,
    decide: (state, event, line, now) => domainRules.decide(state, asAnswer(event), line, now),
  },
  "the customer's word is the holder's sign of life": changeClocks((event, clocks) =>
    event.type === "entry.added" && event.data.by === "customer"
      ? clocks.map((clock) => (clock.kind === "stall.idle" ? { ...clock, counted: [{ from: event.time }] } : clock))
      : clocks,
  ),
  "a case closes whatever was heard meanwhile": {
    ...domainRules,
    applyToCase: (state, event, now) => {
      const isClosing = event.type === "clock.breached" && event.data.kind === "confirmation";
      return domainRules.applyToCase(isClosing ? { ...state, statusSince: 0 } : state, event, now);
    },
  },
  "after an answer the case never closes": changeClocks((event, clocks) =>
    event.type === "case.contacted" ? clocks.filter(({ kind }) => kind !== "confirmation") : clocks,
  ),
  "a closed case owes no reply": changeClocks((_, clocks, status) =>
    status === "closed" ? clocks.filter(({ kind }) => kind !== "reply") : clocks,
  ),
  "a late reply is paged for once": changeReactions((event) => {
    const isRepeated = event.type === "clock.breached" && event.data.incarnation.startsWith("clock/");
    return isRepeated && event.data.kind === "reply" ? { ...event, type: "clock.warned" } : event;
  }),
};

type ClockChange = (event: ClockInput, clocks: readonly Clock[], status: string) => readonly Clock[];

/** The domain's rules, with other clocks after each event. */
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

/** The domain's rules, with another event for routing. */
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
