import {
  type CaseStatus,
  type ClockEvent,
  type ClockKind,
  type EventData,
  type Instant,
  topics,
} from "@crossline/contracts";
import { type CaseAct, isAnswer } from "../case/act.ts";
import { isUnsolved } from "../case/status.ts";
import { kindRules } from "../clock/kinds/all.ts";

/**
 * A signal, derived from an event, that can overtake pages of its case. All signals with one name come from one topic, and the
 * signal with the highest sequence applies.
 */
export type PageSignal = {
  readonly name: string;
  readonly value: string;
  readonly topic: string;
  readonly sequence: number;
  readonly at: Instant;
};

/** The reason for a page, its sequence on the hand-off topic and the time of its event. */
export type PageReason = Pick<EventData<"roster.paged">, "reason" | "clock" | "kind" | "firingId"> & {
  readonly sequence: number;
  readonly at: Instant;
};

/** Returns the signals of an event for the pages of its case; empty if the event can overtake no page. */
export function pageSignalsOf(event: CaseAct | ClockEvent): PageSignal[] {
  const { topic, sequence, time: at } = event;
  return Object.entries(signalsOf(event)).map(([name, value]) => ({ name, value, topic, sequence, at }));
}

/**
 * Returns true if the reason for a page is gone. A line step or the last resort pages people until a person acts. A later
 * acceptance, take or end therefore overtakes the pages of a line step or the last resort. The joining of an incident overtakes the page of a step. If an obligation is met, withdrawn
 * or paused, the page for its deadline is overtaken.
 */
export function isPageOvertaken(page: PageReason, facts: readonly PageSignal[]): boolean {
  const byName = new Map(facts.map((fact) => [fact.name, fact]));
  const isLater = (name: string): boolean => {
    const fact = byName.get(name);
    if (fact === undefined) return false;
    return fact.topic === topics.handoff ? fact.sequence > page.sequence : fact.at > page.at;
  };
  const { reason } = page;
  if (reason === "last-resort") return isLater("taken") || isLater("ended");
  if (reason === "step") return ["taken", "ended", "joined"].some(isLater);
  if (page.firingId !== undefined && byName.has(`overtaken/${page.firingId}`)) return true;
  const kind = page.kind ?? (reason === "emergency" ? "need-by" : reason);
  const status = byName.get("status")?.value as CaseStatus | undefined;
  if (status !== undefined && kindRules[kind].pausesIn?.(status) === true) return true;
  switch (kind) {
    case "need-by":
      return ["met", "withdrawn"].includes(byName.get("need-by")?.value ?? "");
    case "promise":
      return page.clock !== undefined && byName.has(page.clock);
    case "joint":
      return isLater("met");
    case "reply":
      return isLater("answered") || isLater("merged");
    default:
      return false;
  }
}

const pagingKinds: ReadonlySet<ClockKind> = new Set(["need-by", "promise", "joint", "reply"]);

function signalsOf(event: CaseAct | ClockEvent): Readonly<Record<string, string>> {
  switch (event.type) {
    case "handoff.taken":
    case "handoff.accepted":
    case "handoff.resolved":
      return { taken: event.type };
    case "incident.joined":
      return { joined: event.type };
    case "joint.session-held":
      return { met: event.type };
    case "case.resolved":
      return statusSignals("resolved");
    case "case.closed":
      return { ...statusSignals("closed"), ...(event.data.reason === "merged" && { merged: event.type }) };
    case "case.status-changed":
      return statusSignals(event.data.to);
    case "case.reopened":
      return statusSignals("reopened");
    case "case.confirmed":
      return { "need-by": "met" };
    case "promise.delivered": {
      const { promiseId, kept, for: madeFor } = event.data;
      return { [`promise/${promiseId}`]: event.type, ...(kept && madeFor === "need-by" && { "need-by": "met" }) };
    }
    case "promise.withdrawn":
      return { [`promise/${event.data.promiseId}`]: event.type };
    case "case.corrected":
    case "case.merged": {
      const { needBy } = event.data;
      return needBy === undefined ? {} : { "need-by": needBy === null ? "withdrawn" : "owed" };
    }
    case "case.contacted":
    case "handling.started":
      return isAnswer(event) ? { answered: event.type } : {};
    case "clock.overtaken":
      if (!pagingKinds.has(event.data.kind)) return {};
      return Object.fromEntries(event.data.firingIds.map((id) => [`overtaken/${id}`, event.type]));
    default:
      return {};
  }
}

function statusSignals(status: CaseStatus): Readonly<Record<string, string>> {
  return { status, ...(!isUnsolved(status) && { ended: status }) };
}
