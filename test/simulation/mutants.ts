import type { Clock } from "@crossline/domain";
import { forgetfulRules, changeReactions } from "./mutants-owed.ts";
import { causeRules } from "./mutants-cause.ts";
import { incidentRules } from "./mutants-incident.ts";
import { type Rules, domainRules } from "./rules.ts";

/** The wrong shells. Each shell loses or repeats records, but only after a fault. */
export type Mutant =
  | "outbox row deleted before the send"
  | "inbox check skipped"
  | "position before the transaction"
  | "timer armed in memory"
  | "fence skipped"
  | "no second check after a freeze"
  | "waits for a deleted cause";

/** The mutants of rules, by name. */
export const brokenRules: Readonly<Record<string, Rules>> = {
  ...forgetfulRules,
  ...incidentRules,
  ...causeRules,
  "the last resort is called only once": changeReactions((event) =>
    event.type === "clock.breached" && event.data.kind === "last-resort" ? { ...event, type: "clock.warned" } : event,
  ),
  "a program counts as a person": {
    ...domainRules,
    decide: (state, event, line, now) => {
      const actor = { ...event.data.actor, automated: false };
      return domainRules.decide(state, { ...event, data: { ...event.data, actor } } as typeof event, line, now);
    },
  },
  "a vendor's time is not counted": {
    ...domainRules,
    applyToCase: (state, event, now) => {
      const decision = domainRules.applyToCase(state, event, now);
      return event.type === "handoff.resolved"
        ? { ...decision, state: { ...decision.state, heldMs: state.heldMs } }
        : decision;
    },
  },
  "the brief has internal entries": changeReactions((event) =>
    event.type === "entry.added" ? { ...event, data: { ...event.data, audience: "partners" } } : event,
  ),
  "a pause has no clock": {
    ...domainRules,
    decide: (state, event, line, now) => {
      const decision = domainRules.decide(state, event, line, now);
      const clocks = decision.state.clocks.filter(({ kind }) => kind !== "information");
      return { ...decision, state: { ...decision.state, clocks } };
    },
  },
  "a case follows new versions of its line": {
    ...domainRules,
    applyToCase: (state, event, now) => {
      const decision = domainRules.applyToCase(state, event, now);
      const line = { ...state.line, version: event.type === "handoff.offered" ? 2 : state.line.version };
      return { ...decision, state: { ...decision.state, line } };
    },
  },
  "a threshold fires a minute early": {
    ...domainRules,
    elapse: (state, line, until, now) => {
      const { state: after, messages } = domainRules.elapse(state, line, until + 60_000, now);
      return { state: after, messages };
    },
    earliestDue: (state, line) => {
      const due = domainRules.earliestDue(state, line);
      return due === undefined ? undefined : due - 60_000;
    },
  },
  "silence counts from the last scan": {
    ...domainRules,
    elapse: (state, line, until, now) => {
      const { state: after, messages } = domainRules.elapse(state, line, until, now);
      const isNew = (clock: Clock): boolean => clock.kind === "stall.idle" && clock.start.by === "clock";
      const clocks = after.clocks.map((clock) =>
        isNew(clock) && !state.clocks.includes(clock)
          ? { ...clock, counted: [{ from: Math.max(now, clock.startedAt) }] }
          : clock,
      );
      return { state: { ...after, clocks }, messages };
    },
  },
};
