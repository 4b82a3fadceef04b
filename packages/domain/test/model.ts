import type { Message } from "@crossline/contracts";

/*
 * What a case is and who has it, as a person would follow it with pencil and paper: from the facts alone, and without any of
 * the rules that made them. The services' states are held against it after every step.
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
  severity: string;
  promises: Set<string>;
  /** Instants between which each party had the case. */
  held: { party: string; from: number; to?: number }[];
  ended: boolean;
};

const ended = new Set(["closed", "rejected", "cancelled"]);

/** Follows one fact. Clocks tell nothing here: what they lead to is told by intake and routing. */
export function follow(model: Model, { type, data: told, time }: Message): void {
  const data = told as EventFields;
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
  }
}

/** What the facts say that are followed here. */
type EventFields = Readonly<Record<"to" | "promiseId" | "vendor" | "handoffId" | "party", string>> & {
  readonly accountable?: unknown;
};

/** A case as it is opened. */
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
    severity,
    promises: new Set(),
    held: [{ party, from: at }],
    ended: false,
  };
}

/** How long each party has had the case while it was open. */
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
  if (last === undefined || last.to !== undefined) return; // What changes hands after the end is nobody's time.
  last.to = at;
  model.held.push({ party, from: at });
}
