import type { Instant, MissingSkill } from "@crossline/contracts";
import type { CaseCrossing, CrossingInput } from "../handoff/case-crossing.ts";
import type { CrossingDeps } from "../handoff/deps.ts";
import { audiblePeople, endsCertifiedHandling, isCertifiedNow } from "./live-people.ts";

/**
 * Returns the person of the carrier who handles the case without the skill for its device. The result is undefined if this event
 * does not let the trigger `skill.missing` take a step. `before` and `after` are the states around the event.
 */
export function missingSkillAt(
  { before, after }: { readonly before: CaseCrossing; readonly after: CaseCrossing },
  event: CrossingInput,
  deps: CrossingDeps,
  at: Instant,
): MissingSkill | undefined {
  if (deps.line.skillLevel === undefined) return undefined;
  switch (event.type) {
    case "handling.started": {
      const { person, party, automated } = event.data.actor;
      if (person === undefined || automated || party !== after.carrier) return undefined;
      return missingSkillOf(after, person, deps, at);
    }
    case "handling.ended":
    case "handling.silent":
      return endsCertifiedHandling(before, event) ? missingSkillOfLive(after, deps, at) : undefined;
    case "case.moved":
    case "case.reopened":
      return missingSkillOfLive(after, deps, at);
    default:
      return undefined;
  }
}

/**
 * Returns the person and the level that the person lacks for the device of the case. The result is undefined if this person, or
 * another person who is live with the customer, is certified. The trigger applies only while the carrier holds the case and no
 * assignment is open. A line step must be left, because the trigger never calls the last resort again.
 */
export function missingSkillOf(
  state: CaseCrossing,
  person: string,
  deps: CrossingDeps,
  at: Instant,
): MissingSkill | undefined {
  const { line } = deps;
  const { skillLevel: level } = line;
  if (level === undefined || state.holder !== state.carrier) return undefined;
  if (state.waits.for !== "step" || line.crossing[state.next.step] === undefined) return undefined;
  if (isCertifiedNow(state, deps, person, at)) return undefined;
  const live = audiblePeople(state);
  return live.some((one) => isCertifiedNow(state, deps, one.person, at)) ? undefined : { person, level };
}

function missingSkillOfLive(state: CaseCrossing, deps: CrossingDeps, at: Instant): MissingSkill | undefined {
  const [first] = audiblePeople(state);
  return first === undefined ? undefined : missingSkillOf(state, first.person, deps, at);
}
