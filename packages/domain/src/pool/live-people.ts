import type { EventOf, Instant } from "@crossline/contracts";
import type { CaseCrossing, CrossingInput } from "../handoff/case-crossing.ts";
import type { CrossingDeps } from "../handoff/deps.ts";
import { isPersonCertified, levelOf } from "./certified.ts";
import type { LivePerson } from "./live-person.ts";

/** The maximum number of live people that routing keeps for a case. The timer keeps as many handlings of one party. */
const liveMax = 20;

/**
 * Returns the state with the people who are live with the customer after an event. Routing keeps them only under a line with a
 * trigger `skill.missing`.
 */
export function followLivePeople(state: CaseCrossing, event: CrossingInput, deps: CrossingDeps): CaseCrossing {
  const level = deps.line.skillLevel;
  const { livePeople, ...rest } = state;
  if (level === undefined) return livePeople === undefined ? state : rest;
  switch (event.type) {
    case "handling.started":
      return withStarted(state, event, deps, level);
    case "handling.continued":
      return withSilence(state, event.data.handlingId, false);
    case "handling.silent":
      return withSilence(state, event.data.handlingId, true);
    case "handling.ended": {
      const others = (livePeople ?? []).filter(({ handlingId }) => handlingId !== event.data.handlingId);
      if (others.length === livePeople?.length) return state;
      return others.length === 0 ? rest : { ...rest, livePeople: others };
    }
    default:
      return state;
  }
}

function withStarted(
  state: CaseCrossing,
  { data: { handlingId, actor }, time }: EventOf<"handling.started">,
  { skillsOf }: CrossingDeps,
  level: number,
): CaseCrossing {
  const { person, party, automated } = actor;
  if (person === undefined || automated || party !== state.carrier) return state;
  const certified = isPersonCertified(state, { skills: skillsOf(party, person) }, level, time);
  const livePeople = [...(state.livePeople ?? []), { handlingId, person, certified }].slice(-liveMax);
  return { ...state, livePeople };
}

function withSilence(state: CaseCrossing, handlingId: string, isSilent: boolean): CaseCrossing {
  const { livePeople = [] } = state;
  const index = livePeople.findIndex((one) => one.handlingId === handlingId && (one.silent ?? false) !== isSilent);
  const known = livePeople[index];
  if (known === undefined) return state;
  const { silent: _, ...audible } = known;
  return { ...state, livePeople: livePeople.with(index, isSilent ? { ...audible, silent: true } : audible) };
}

/** Returns the people whose handlings have heartbeats now, the one with the oldest handling first. */
export function audiblePeople({ livePeople = [] }: CaseCrossing): readonly LivePerson[] {
  return livePeople.filter(({ silent }) => silent !== true);
}

/** Returns true if the event ends the handling of a certified person, or reports that its heartbeats have stopped. */
export function endsCertifiedHandling({ livePeople = [] }: CaseCrossing, event: CrossingInput): boolean {
  if (event.type !== "handling.ended" && event.type !== "handling.silent") return false;
  return livePeople.some(({ handlingId, certified }) => certified && handlingId === event.data.handlingId);
}

/** Returns true if the person is certified for the device of the case at the instant. */
export function isCertifiedNow(state: CaseCrossing, deps: CrossingDeps, person: string, at: Instant): boolean {
  return isPersonCertified(state, { skills: deps.skillsOf(state.carrier, person) }, levelOf(deps), at);
}
