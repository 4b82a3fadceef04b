import type { Message } from "@crossline/contracts";

/*
 * A model of a case: its status, holder and hand-off. The model reads only the events and uses none of the rules. The test compares
 * the model with the states of the services after every move.
 */

export type Model = {
  status: string;
  holder: string;
  phase: "none" | "offered" | "claimed" | "info-requested" | "accepted";
  vendor: string;
  handoffId: string;
  returns: number;
  joint: boolean;
  accountable: string;
  calling: boolean;
  /** The phase of the open assignment to a pool. */
  pool: "none" | "assigned" | "claimed";
  severity: string;
  promises: Set<string>;
  /** The periods in which each company held the case. */
  held: { party: string; from: number; to?: number }[];
  ended: boolean;
  /** The incident of which the case is a member. */
  incident?: string;
};

const ended = new Set(["closed", "rejected", "cancelled"]);

/** Applies one event to the model. Clock events change nothing, because intake and routing publish their effects. */
export function follow(model: Model, { type, data: fields, time }: Message): void {
  const data = fields as EventFields;
  switch (type) {
    case "case.status-changed":
      return enterStatus(model, data.to, time);
    case "case.resolved":
      return enterStatus(model, "resolved", time);
    case "case.closed":
      return enterStatus(model, "closed", time);
    case "case.reopened":
      return enterStatus(model, "reopened", time);
    case "case.severity-changed":
      model.severity = data.to;
      return;
    case "promise.made":
      return void model.promises.add(data.promiseId);
    case "promise.delivered":
    case "promise.withdrawn":
      return void model.promises.delete(data.promiseId);
    case "handoff.offered":
      Object.assign(model, { phase: "offered", vendor: data.vendor, handoffId: data.handoffId });
      return;
    case "handoff.claimed":
      if (model.phase !== "info-requested") model.phase = "claimed";
      return;
    case "handoff.released":
      model.phase = "offered";
      return;
    case "handoff.info-requested":
      model.phase = "info-requested";
      return;
    case "handoff.info-provided":
      model.phase = "claimed";
      return;
    case "handoff.accepted":
      model.phase = "accepted";
      return changeHolder(model, data.vendor, time);
    case "handoff.returned":
      model.returns += 1;
      model.phase = "none";
      return changeHolder(model, carrier(model), time);
    case "handoff.resolved":
    case "handoff.withdrawn":
      model.phase = "none";
      return changeHolder(model, carrier(model), time);
    case "handoff.rejected":
    case "handoff.lapsed":
    case "handoff.transferred":
      model.phase = "none";
      return;
    case "joint.declared":
      model.joint = true;
      return;
    case "joint.person-named":
      if (data.accountable === true) model.accountable = data.party;
      return;
    case "last-resort.called":
      model.calling = true;
      return;
    case "handoff.taken":
      model.calling = false;
      return;

    default:
      model.pool = poolAfter[type] ?? model.pool;
      if (type === "incident.joined") model.incident = data.incidentId;
      if (type === "incident.left") delete model.incident;
  }
}

const poolAfter: Readonly<Record<string, Model["pool"]>> = {
  "pool.assigned": "assigned",
  "pool.claimed": "claimed",
  "pool.released": "none",
  "pool.lapsed": "none",
};

/** The event fields that the model reads. */
type EventFields = Readonly<Record<"to" | "promiseId" | "vendor" | "handoffId" | "party" | "incidentId", string>> & {
  readonly accountable?: unknown;
};

/** Returns the model of a case at its opening. */
export function openModel(party: string, at: number, severity: string): Model {
  return {
    status: "acknowledged",
    holder: party,
    phase: "none",
    vendor: "",
    handoffId: "",
    returns: 0,
    joint: false,
    accountable: party,
    calling: false,
    pool: "none",
    severity,
    promises: new Set(),
    held: [{ party, from: at }],
    ended: false,
  };
}

/** Returns for each company the time for which it held the open case. */
export function heldMs({ held }: Model, now: number): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { party, from, to = now } of held) sums[party] = (sums[party] ?? 0) + to - from;
  return sums;
}

function carrier({ held }: Model): string {
  return held[0]?.party ?? "";
}

function enterStatus(model: Model, status: string, at: number): void {
  model.status = status;
  const isSolved = status === "resolved" || ended.has(status);
  if (isSolved) model.calling = false;
  if (ended.has(status) && !model.ended) {
    const last = model.held.at(-1);
    if (last !== undefined) last.to = at;
    model.ended = true;
  }
  if (!ended.has(status) && model.ended) {
    model.held.push({ party: model.holder, from: at });
    model.ended = false;
  }
}

function changeHolder(model: Model, party: string, at: number): void {
  if (party === model.holder) return;
  model.holder = party;
  const last = model.held.at(-1);
  if (last === undefined || last.to !== undefined) return; // After the end of the case, a change of holder counts no time.
  last.to = at;
  model.held.push({ party, from: at });
}
