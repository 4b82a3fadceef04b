import { type CaseStatus, type EventData, formatInstant } from "@crossline/contracts";
import {
  type CaseCommand,
  type HandoffCommand,
  isEnded,
  isRefused,
  mergeCases,
  openCase,
  openHandoffOf,
} from "../../src/index.ts";
import { line } from "../given.ts";
import { rep, start } from "../whole-moves.ts";
import { WholeCase } from "../whole.ts";
import { unstaffed } from "../unstaffed.ts";

/*
 * The walk visits a case in every state. Two states count as one if the same statuses can follow. In each state the walk tries every
 * command that can change the status, the vendor's acceptance and the vendor's fix. In each state the walk also waits four days, so that a
 * clock can breach. The walk ends when it finds no new state.
 */

/** A change of a case's status: the former status, the cause and the new status. Before its opening, a case has the status `new`. */
export type StatusChange = readonly [from: CaseStatus | "new", cause: string, to: CaseStatus];

const dayMs = 86_400_000;
const under = line({
  clocks: [{ kind: "stall.idle", target: "P30D", warnAt: [] }],
  crossing: [{ to: "queue:orchard.handheld", mode: "ticket", acceptWithin: "P30D", repeat: 1 }],
  lastResort: ["https://duty.northtel.example/"],
});

type Move = readonly [cause: string, make: (whole: WholeCase) => unknown];

const command =
  (given: CaseCommand) =>
  (whole: WholeCase): unknown =>
    whole.command(given, rep);
const status = (to: CaseStatus, more: Partial<Extract<CaseCommand, { type: "change-status" }>> = {}): Move[1] =>
  command({ type: "change-status", to, note: "x", ...more });
const contact = (content: EventData<"case.contacted">["content"]): Move[1] =>
  command({ type: "contact", contactId: "ct_1", channel: "mail", direction: "inbound", content });
const desk = (whole: WholeCase, given: HandoffCommand): unknown =>
  whole.desk(openHandoffOf(whole.crossing)?.id ?? "none", given, {
    party: "orchard",
    person: "eng-1",
    automated: false,
  });

function accept(whole: WholeCase): unknown {
  const { intake, now } = whole;
  whole.command({ type: "cross", asOf: intake.version, observing: false }, rep);
  desk(whole, { type: "claim" });
  return desk(whole, {
    type: "accept",
    token: openHandoffOf(whole.crossing)?.token ?? 0,
    engineer: { name: "Ada Lovett", contact: "ada@orchard.example" },
    vendorCaseId: "OR-1",
    nextStep: "x",
    eta: formatInstant(now + dayMs),
    readBack: { problem: "x", tried: "y" },
    dossierVersion: whole.crossing.material.version,
  });
}

/** Merges the case into another case of its carrier. */
function mergeAway(whole: WholeCase): unknown {
  const { intake: source, now } = whole;
  const other = openCase(
    { ...source, id: "cs_00000000000000000000000003", status: "acknowledged", lineReason: "of the test" },
    rep,
    now,
  ).state;
  const contacts = { count: 1, byChannel: {}, lastAt: formatInstant(now) };
  const merging = {
    actor: rep,
    reason: "x",
    clocks: [],
    contacts,
    entries: [],
    entryId: "en_1",
    promiseId: () => "pr_1",
  };
  const observing = { source: false, target: false };
  const merged = mergeCases(source, other, { ...merging, observing }, now);
  if (isRefused(merged)) return merged;
  whole.messages.push(...merged.source.messages);
  whole.intake = merged.source.state;
  return undefined;
}

const moves: readonly Move[] = [
  ["the status command", status("inProgress")],
  ["the status command", status("pending", { waitingOn: "customer" })],
  ["the status command", status("pending", { waitingOn: "vendor" })],
  ["the status command", status("pending", { waitingOn: "carrier" })],
  ["the status command", status("held")],
  ["the status command", status("assessingCancellation")],
  ["the status command", status("resolved", { fixCode: "x" })],
  ["the status command", status("cancelled")],
  ["the status command", status("rejected")],
  ["a confirmation", command({ type: "confirm" })],
  ["a reopening", command({ type: "reopen", reason: "x" })],
  ["a closing", command({ type: "close" })],
  ["the contact `inquiry`", contact("inquiry")],
  ["the contact `works`", contact("works")],
  ["the contact `still-broken`", contact("still-broken")],
  ["an acceptance", accept],
  [
    "the vendor's resolution",
    (whole) =>
      desk(whole, { type: "resolve", token: openHandoffOf(whole.crossing)?.token ?? 0, fixCode: "x", rootCause: "y" }),
  ],
  ["a merge into another case", mergeAway],
];

/** Waits four days. Within four days the breach of a clock can change the status. */
function wait(whole: WholeCase): readonly StatusChange[] {
  const first = whole.messages.length;
  whole.advance(whole.now + 4 * dayMs);
  return changesSince(whole, first, (index) => {
    const breach = whole.messages.slice(0, index).findLast(({ type }) => type === "clock.breached");
    const { kind } = (breach?.data ?? {}) as Partial<EventData<"clock.breached">>;
    return `the breach of \`${kind ?? "no clock"}\``;
  });
}

/** Returns the status changes in the messages from the index `first` on. */
function changesSince(whole: WholeCase, first: number, causeOf: (index: number) => string): readonly StatusChange[] {
  return whole.messages.flatMap(({ type, data }, index): StatusChange[] => {
    if (index < first) return [];
    const { from, to } = data as EventData<"case.status-changed">;
    switch (type) {
      case "case.status-changed":
        return [[from, causeOf(index), to]];
      case "case.resolved":
        return [[from, causeOf(index), "resolved"]];
      case "case.closed":
        return [[from, causeOf(index), "closed"]];
      case "case.reopened":
        return [[from, causeOf(index), "reopened"]];
      default:
        return [];
    }
  });
}

/** Returns a key of the state. The key contains the parts that decide which status can follow. */
function keyOf({ intake, crossing }: WholeCase): string {
  const { status: its, waiting, mergedInto } = intake;
  return JSON.stringify([
    its,
    waiting?.on,
    mergedInto !== undefined,
    crossing.waits.for,
    openHandoffOf(crossing)?.phase,
  ]);
}

/** Returns each status change that a command, a vendor or a clock causes. Each change is in the list once. */
export function walkStatuses(): readonly StatusChange[] {
  const changes = new Map<string, StatusChange>([["new", ["new", "the opening", "acknowledged"]]]);
  const note = (change: StatusChange): void => void changes.set(change.join(" "), change);
  const seen = new Set<string>();
  const waiting = [new WholeCase(under, { deps: unstaffed }, rep, start)];
  for (let whole = waiting.pop(); whole !== undefined; whole = waiting.pop()) {
    if (seen.has(keyOf(whole))) continue;
    seen.add(keyOf(whole));
    for (const [cause, make] of moves) {
      const after = whole.fork();
      const first = after.messages.length;
      if (make(after) !== undefined && after.messages.length === first) continue;
      for (const change of changesSince(after, first, () => cause)) note(change);
      waiting.push(after);
    }
    if (isEnded(whole.intake.status)) continue;
    const later = whole.fork();
    for (const change of wait(later)) note(change);
    waiting.push(later);
  }
  return [...changes.values()];
}
