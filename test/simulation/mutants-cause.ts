import { type Rules, domainRules } from "./rules.ts";

/** Wrong rules of the possible causes of a case. */
export const causeRules: Readonly<Record<string, Rules>> = {
  "the brief keeps a removed link": {
    ...domainRules,
    react: (state, event, ...rest) => {
      const decision = domainRules.react(state, event, ...rest);
      if (event.type !== "change.unlinked") return decision;
      const linkedChanges = state?.material.linkedChanges;
      const material = { ...decision.state.material, ...(linkedChanges !== undefined && { linkedChanges }) };
      return { ...decision, state: { ...decision.state, material } };
    },
  },
  "a known error gives the holder more time": {
    ...domainRules,
    decide: (state, event, line, now) => {
      const decision = domainRules.decide(state, event, line, now);
      if (event.type !== "known-error.matched") return decision;
      const clocks = decision.state.clocks.map((clock) => ({ ...clock, targetMs: clock.targetMs + 60_000 }));
      return { ...decision, state: { ...decision.state, clocks } };
    },
  },
};
