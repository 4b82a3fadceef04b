import type { ClockInput, CrossingInput } from "@crossline/domain";
import { type Rules, domainRules } from "./rules.ts";

/** Wrong rules of incidents. */
export const incidentRules: Readonly<Record<string, Rules>> = {
  "routing does not notice that a case joined an incident": {
    ...domainRules,
    react: (state, event, ...rest) => domainRules.react(state, unnoticed(event), ...rest),
  },
  "the silence of a member counts": {
    ...domainRules,
    decide: (state, event, line, now) => {
      const decision = domainRules.decide(state, unnoticed(event), line, now);
      if (event.type !== "incident.joined") return decision;
      const { incidentId, holder } = event.data;
      return { ...decision, state: { ...decision.state, member: { incidentId, holder, starts: [event.sequence] } } };
    },
  },
  "an incident rests the resolution": {
    ...domainRules,
    decide: (state, event, line, now) => {
      const decision = domainRules.decide(state, event, line, now);
      if (event.type !== "incident.joined") return decision;
      const clocks = decision.state.clocks.filter(({ kind }) => kind !== "resolution" && kind !== "first-response");
      return { ...decision, state: { ...decision.state, clocks } };
    },
  },
  "a membership lasts forever": {
    ...domainRules,
    applyToCase: (state, event, now) => {
      const isMaximum = event.type === "clock.breached" && event.data.kind === "information";
      const isMember = state.incident?.role === "member" && state.status !== "pending";
      return domainRules.applyToCase(state, isMaximum && isMember ? { ...event, type: "clock.warned" } : event, now);
    },
  },
};

function unnoticed<E extends ClockInput | CrossingInput>(event: E): E {
  return event.type === "incident.joined" ? { ...event, type: "incident.ended" } : event;
}
