import type { CrossingInput } from "@crossline/domain";
import { type Rules, domainRules } from "./rules.ts";

/** Ways to get the shell wrong; each loses or doubles something that only a fault brings to light. */
export const mutants = [
  "outbox row deleted before the send",
  "inbox check skipped",
  "position before the transaction",
  "timer armed in memory",
  "fence skipped",
] as const;

export type Mutant = (typeof mutants)[number];

/** Ways to get a rule wrong. */
export const brokenRules: Readonly<Record<string, Rules>> = {
  "the last resort is called once and never again": {
    ...domainRules,
    react: (state, event, line, now) =>
      domainRules.react(state, event.type === "clock.breached" && isLastResort(event) ? asWarning(event) : event, line, now),
  },
  "automation counts as a person": {
    ...domainRules,
    decide: (state, event, line, now) => {
      const actor = { ...event.data.actor, automated: false };
      return domainRules.decide(state, { ...event, data: { ...event.data, actor } } as typeof event, line, now);
    },
  },
  "a lapse hits whichever offer is open": {
    ...domainRules,
    react: (state, event, line, now) => {
      const isLapse = event.type === "clock.breached" && event.data.kind === "vendor.acceptance";
      const open = state?.open?.id;
      if (!isLapse || open === undefined) return domainRules.react(state, event, line, now);
      return domainRules.react(state, { ...event, data: { ...event.data, incarnation: open } }, line, now);
    },
  },
  "a deadline is over at its very instant": {
    ...domainRules,
    elapse: (state, line, until, now) => domainRules.elapse(state, line, until + 1, now),
    decide: (state, event, line, now) => {
      if (state === undefined) return domainRules.decide(state, event, line, now);
      const before = domainRules.elapse(state, line, event.time + 1, now);
      const { state: after, messages } = domainRules.decide(before.state, event, line, now);
      return { state: after, messages: [...before.messages, ...messages] };
    },
  },
  "a vendor's time is not added up": {
    ...domainRules,
    project: (state, event, now) => {
      const decision = domainRules.project(state, event, now);
      return event.type === "handoff.resolved"
        ? { ...decision, state: { ...decision.state, heldMs: state.heldMs } }
        : decision;
    },
  },
  "internal entries get into the brief": {
    ...domainRules,
    react: (state, event, line, now) => {
      if (event.type !== "entry.added") return domainRules.react(state, event, line, now);
      return domainRules.react(state, { ...event, data: { ...event.data, audience: "partners" } }, line, now);
    },
  },
};

function isLastResort(event: Extract<CrossingInput, { type: "clock.breached" }>): boolean {
  return event.data.kind === "last-resort";
}

function asWarning(event: Extract<CrossingInput, { type: "clock.breached" }>): CrossingInput {
  return { ...event, type: "clock.warned" };
}
