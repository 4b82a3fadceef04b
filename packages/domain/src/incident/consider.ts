import type { Actor, DurationMs, Instant } from "@crossline/contracts";
import type { CaseState } from "../case/case.ts";
import { refuseIncident } from "../case/incident-refusals.ts";
import type { IncidentRule } from "../line/line.ts";
import {
  type IncidentDecision,
  type IncidentMember,
  type IncidentScope,
  type IncidentState,
  incidentActor,
  countEffect,
  incidentLimits,
  sizeOf,
} from "./incident.ts";
import { joinEffects } from "./join.ts";

/** Returns the scope of a case; undefined if the case has no symptom, or can be in no incident. */
export function incidentScopeOf(state: CaseState): IncidentScope | undefined {
  const { kind, symptom, device, incident: _, ...rest } = state;
  if (symptom === undefined || refuseIncident({ ...rest, kind }) !== undefined) return undefined;
  return { kind, symptom, vendor: device?.vendor, model: device?.model };
}

/** Returns a text that is equal for equal scopes. */
export function incidentScopeKey({ kind, symptom, vendor, model }: IncidentScope): string {
  return JSON.stringify([kind, symptom, vendor ?? null, model ?? null]);
}

/** The cases from which an incident opens: the lead and the members, with the company that holds the lead. */
type IncidentOpening = Pick<IncidentState, "id" | "timeline" | "carrier" | "scope" | "actor" | "reason" | "holder"> & {
  readonly lead: Omit<IncidentMember, "joinedAt">;
  readonly members: readonly Omit<IncidentMember, "joinedAt">[];
};

/** Opens an incident. The lead crosses at once, and the other cases become members. */
export function openIncident(opening: IncidentOpening, at: Instant): IncidentDecision {
  const { id: incidentId, actor, reason } = opening;
  const members = opening.members.map((member) => ({ ...member, joinedAt: at }));
  const lead = { ...opening.lead, joinedAt: at };
  const state: IncidentState = { ...opening, openedAt: at, lead, members, former: [], messages: [] };
  const opened = { type: "lead-incident", incidentId, size: sizeOf(state), reason } as const;
  return {
    state,
    effects: [
      { caseId: lead.caseId, actor, change: opened },
      ...members.flatMap(({ caseId }) => joinEffects(state, { caseId, actor, reason })),
    ],
  };
}

/** Adds a case that was opened after the incident. A full or ended incident does not change. */
export function joinByDetection(
  state: IncidentState,
  member: Omit<IncidentMember, "joinedAt">,
  at: Instant,
): IncidentDecision {
  const { ended, lead, members } = state;
  const isKnown = lead.caseId === member.caseId || members.some(({ caseId }) => caseId === member.caseId);
  if (ended !== undefined || isKnown || members.length >= incidentLimits.members) return { state, effects: [] };
  const joined = { ...state, members: [...members, { ...member, joinedAt: at }] };
  const reason = "The case is alike to the cases of the incident.";
  const { caseId } = member;
  const effects = joinEffects(joined, { caseId, actor: incidentActor(state), reason });
  return { state: joined, effects: [...effects, countEffect(joined)] };
}

/** The alike cases that intake found, with the case that was just opened. */
export type AlikeCases = Pick<IncidentState, "timeline" | "carrier" | "scope"> & {
  readonly cases: readonly Omit<IncidentMember, "joinedAt">[];
  readonly rule: IncidentRule;
};

/**
 * Opens an incident if enough alike cases were opened within the window of the line. The oldest of them is the lead. Returns
 * undefined if they are too few.
 */
export function detectIncident(incidentId: string, alike: AlikeCases, at: Instant): IncidentDecision | undefined {
  const { timeline, carrier, scope, cases, rule } = alike;
  const oldestFirst = cases.toSorted((a, b) => a.openedAt - b.openedAt || (a.caseId < b.caseId ? -1 : 1));
  const newest = oldestFirst.at(-1)?.openedAt ?? 0;
  const [lead, ...members] = oldestFirst.filter(({ openedAt }) => openedAt >= newest - rule.withinMs);
  if (lead === undefined || members.length + 1 < rule.cases) return undefined;
  const actor: Actor = incidentActor({ carrier });
  const reason = `${members.length + 1} alike cases were opened within ${inWords(rule.withinMs)}.`;
  const taken = members.slice(-incidentLimits.members);
  return openIncident(
    { id: incidentId, timeline, carrier, scope, actor, reason, holder: carrier, lead, members: taken },
    at,
  );
}

/** Returns a span for a sentence, for example `2 hours`, because people read the reason. */
function inWords(spanMs: DurationMs): string {
  const span = Temporal.Duration.from({ milliseconds: spanMs }).round({ largestUnit: "days" });
  return new Intl.DurationFormat("en", { style: "long" }).format(span);
}
