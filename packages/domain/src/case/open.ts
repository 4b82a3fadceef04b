import type { Actor, EventData, Instant, LineRef } from "@crossline/contracts";
import { eventOf } from "../envelope.ts";
import { beginTimes } from "../holder-times.ts";
import { openInquiry } from "../inquiry/inquiry.ts";
import { builtinRef } from "../line/builtin.ts";
import { type Line, defaultLettersMs } from "../line/line.ts";
import type { Feasibility } from "../line/need-by.ts";
import { topics } from "@crossline/contracts";
import type { CaseDecision, CaseState } from "./case.ts";

/** The content of a new case. The caller supplies the ids, the line and the time. */
export type Opening = Omit<EventData<"case.opened">, "actor" | "carrier" | "line" | "lineReason"> & {
  readonly id: string;
  readonly timeline: string;
  readonly line: LineRef;
  readonly lineReason: string;
  readonly feasibility?: Feasibility | undefined;
} & CaseLineRules;

/** The rules of a line that the state of a case contains. */
type CaseLineRules = Pick<CaseState, "requires" | "lettersMs" | "handlingMaxMs" | "incidentRule">;

/** Returns those rules of a line that intake needs to decide commands. Rules that are equal to the defaults are left out. */
export function caseLineRules({
  requires,
  lettersMs,
  handlings,
  incidents,
}: Pick<Line, "requires" | "lettersMs" | "handlings" | "incidents">): CaseLineRules {
  return {
    ...(requires.length > 0 && { requires }),
    ...(lettersMs !== defaultLettersMs && { lettersMs }),
    ...(handlings !== undefined && { handlingMaxMs: handlings.maxMs }),
    ...(incidents !== undefined && { incidentRule: incidents }),
  };
}

/**
 * Opens a case for the actor's party. Returns the new state and the event `case.opened`. The cause of this event is the record
 * that published the line.
 */
export function openCase(opening: Opening, actor: Actor, at: Instant): CaseDecision {
  const { id, timeline, feasibility, requires, lettersMs, handlingMaxMs, incidentRule, ...facts } = opening;
  const data: EventData<"case.opened"> = { ...facts, actor, carrier: actor.party };
  const { line, status } = opening;
  const after = line.carrier === builtinRef.carrier ? [] : [lineCause(line)];
  const message = eventOf("case.opened", data, {
    topic: topics.case,
    key: id,
    sequence: 1,
    time: at,
    timeline,
    after,
  });
  const inquiry = openInquiry(facts.kind, at);
  const state: CaseState = {
    id,
    timeline,
    carrier: actor.party,
    carrierCaseId: facts.carrierCaseId,
    kind: facts.kind,
    severity: facts.severity,
    title: facts.title,
    channel: facts.channel,
    line,
    lineReason: facts.lineReason,
    device: facts.device,
    symptom: facts.symptom,
    needBy: facts.needBy,
    subject: facts.subject,
    status,
    sequence: 1,
    statusSince: 1,
    version: 1,
    crossingVersion: 1,
    crossingRequested: false,
    openedAt: at,
    lastEventAt: at,
    ...beginTimes(actor.party, at),
    lastResortCalls: 0,
    read: { handoff: 0, clock: 0 },
    handlings: [],
    contacts: 1,
    entries: 0,
    chains: {},
    ...(requires !== undefined && requires.length > 0 && { requires }),
    ...(lettersMs !== undefined && { lettersMs }),
    ...(handlingMaxMs !== undefined && { handlingMaxMs }),
    ...(incidentRule !== undefined && { incidentRule }),
    ...(facts.region !== undefined && { region: facts.region }),
    ...(facts.follows !== undefined && { follows: facts.follows }),
    ...(feasibility !== undefined && { feasibility }),
    ...(inquiry !== undefined && { inquiry }),
    ...(facts.canary !== undefined && { canary: facts.canary }),
  };
  return { state, messages: [message] };
}

/**
 * Returns the cause for a line: the record of the line topic that published the line. A consumer must apply this record before
 * it uses the line.
 */
export function lineCause({ carrier, name, version }: LineRef): { topic: string; key: string; sequence: number } {
  return { topic: topics.line, key: `${carrier}/${name}@${version}`, sequence: 1 };
}
