import { type Actor, type Instant, formatInstant } from "@crossline/contracts";
import type { CaseCommand, CaseState } from "@crossline/domain";
import { causeCommand } from "./cause-commands.ts";
import { incidentCommand } from "./incident-commands.ts";
import type { Command } from "./kinds.ts";
import { lineOf } from "./lines.ts";

/** A rep of the carrier. */
export const rep: Actor = { party: "northtel", person: "rep-1", automated: false };
const program: Actor = { party: "northtel", automated: true };

/** The text of the carrier's internal entries. Only the carrier may read this text. */
export const internalText = "internal to the carrier";

/** Commands that record an act of the customer. */
const customerActs: ReadonlySet<Command["kind"]> = new Set([
  "inquiry",
  "still-broken",
  "works",
  "customers-auto-reply",
  "customers-entry",
]);

/** Returns the actor of a command. A named rep, an unnamed rep or a program records the acts of the customer. */
export function actorOf({ kind, choice }: Command, state: CaseState): Actor {
  if (customerActs.has(kind)) return [program, rep, { party: rep.party, automated: false }][choice % 3]!;
  const vendor = state.handoff?.vendor ?? state.reading?.vendors.at(-1) ?? "orchard";
  const engineer = { party: vendor, person: "eng-4", automated: false };
  switch (kind) {
    case "auto-reply":
    case "automated-entry":
    case "automated-status":
    case "hold-incident":
    case "cure-incident":
    case "match-known-error":
      return program;
    case "lead-incident":
    case "end-incident":
    case "join-incident":
    case "leave-incident":
    case "link-change":
      return choice % 3 === 0 ? rep : program;
    case "write-message":
      return choice % 6 === 0 ? program : rep;
    case "vendor-entry":
    case "vendor-contact":
      return engineer;
    case "foreign-entry":
      return { party: "mallory", automated: false };
    case "start-handling":
    case "beat":
    case "end-handling":
    case "answer":
    case "live-contact":
    case "wait":
    case "work-on":
    case "severity":
    case "promise":
    case "promise-need-by":
    case "end-promise":
      return choice % 4 === 0 && state.holder !== state.carrier ? engineer : rep;
    default:
      return rep;
  }
}

/** Returns intake's command for a drawn command. */
export function caseCommand(given: Command, state: CaseState, at: Instant): CaseCommand {
  const { kind, number, choice } = given;
  const handlingId = state.handlings.at(-1)?.id ?? "hd_none";
  switch (kind) {
    case "start-handling":
      return { type: "start-handling", handlingId: `hd_${number}`, channel: "phone" };
    case "beat":
      return { type: "beat", handlingId };
    case "end-handling":
      return { type: "end-handling", handlingId };
    case "wait":
      return pending((["customer", "vendor", "carrier"] as const)[choice % 3]!, choice % 2 === 0 ? "PT4M" : undefined);
    case "automated-status":
      return choice % 2 === 0 ? pending("customer") : { type: "change-status", to: "inProgress" };
    case "work-on":
      return { type: "change-status", to: choice % 2 === 0 ? "inProgress" : "held" };
    case "resolve-case":
      return { type: "change-status", to: "resolved", fixCode: "reset" };
    case "end":
      return { type: "change-status", to: choice % 2 === 0 ? "cancelled" : "rejected" };
    case "cross":
      return { type: "cross", asOf: state.version, observing: lineOf(state.line).observe };
    case "stale-cross":
      return { type: "cross", asOf: Math.max(1, state.version - 3), observing: lineOf(state.line).observe };
    case "confirm":
      return { type: "confirm" };
    case "reopen":
      return { type: "reopen", reason: "still broken" };
    case "close":
      return { type: "close" };
    case "correct":
      return correction(choice, at);
    case "severity":
      return { type: "change-severity", to: (["critical", "major", "minor"] as const)[choice % 3]! };
    case "promise":
    case "promise-need-by": {
      const until = formatInstant(at + (choice % 15) * 60_000);
      const purpose = kind === "promise" ? {} : ({ for: "need-by" } as const);
      return { type: "promise", promiseId: `pr_${number}`, text: "a call", until, ...purpose };
    }
    case "end-promise":
      return endPromise(state, choice);
    case "write-message":
    case "write-link":
    case "release-message":
    case "report-sent":
    case "report-failed":
      return messageCommand(given, state);
    default:
      return incidentCommand(given) ?? causeCommand(given) ?? contactCommand(given) ?? entryCommand(given);
  }
}

/** Returns a command that records a live or written contact. A live contact of a person is also a handling. */
function contactCommand({ kind, number, choice }: Command): CaseCommand | undefined {
  const channel = (["phone", "mail", "chat", "web"] as const)[choice % 4]!;
  const contact = { type: "contact", contactId: `ct_${number}`, handlingId: `hd_${number}`, channel } as const;
  switch (kind) {
    case "inquiry":
    case "still-broken":
    case "works":
      return { ...contact, direction: "inbound", content: kind };
    case "customers-auto-reply":
      return { ...contact, direction: "inbound", content: "auto-reply" };
    case "answer":
      return { ...contact, direction: "outbound", content: "answer" };
    case "auto-reply":
      return { ...contact, direction: "outbound", content: choice % 2 === 0 ? "auto-reply" : "answer" };
    case "live-contact":
    case "vendor-contact": {
      const base = { ...contact, channel: kind === "live-contact" ? "phone" : channel } as const;
      if (choice % 3 === 0) return { ...base, direction: "outbound", content: "answer" };
      const content = (["inquiry", "works", "still-broken", "inquiry"] as const)[choice % 4]!;
      return { ...base, direction: "inbound", content: kind === "live-contact" ? "inquiry" : content };
    }
    default:
      return undefined;
  }
}

function entryCommand({ kind, number, choice }: Command): CaseCommand {
  const entry = { type: "add-entry", entryId: `en_${number}`, by: "party", news: choice % 5 > 0 } as const;
  if (kind === "internal-entry") return { ...entry, kind: "note", audience: "internal", text: internalText };
  const shared = { ...entry, audience: "partners", text: "it does not start" } as const;
  if (kind === "customers-entry")
    return { ...shared, by: "customer", kind: choice % 2 === 0 ? "hypothesis" : "message" };
  const entryKind = (["fact", "note", "hypothesis"] as const)[choice % 3]!;
  return entryKind === "fact"
    ? { ...entry, kind: "fact", audience: "partners", fact: { name: "light", value: "red" } }
    : { ...shared, kind: entryKind };
}

/** Returns a command that corrects the title, or changes or removes the need-by. */
function correction(choice: number, at: Instant): CaseCommand {
  const title = `dead after update ${choice % 7}`;
  const needBy = choice % 5 === 0 ? null : formatInstant(at + (choice % 30) * 60_000);
  const corrected = choice % 4 === 0 ? { title } : choice % 4 === 1 ? { title, needBy } : { needBy };
  return { type: "correct", reason: "misheard", ...corrected };
}

function pending(waitingOn: "customer" | "vendor" | "carrier", maximum?: string): CaseCommand {
  return { type: "change-status", to: "pending", note: "waits", waitingOn, maximum };
}

/** Returns a command on an outbound message. The guard holds a text that is only a link. */
function messageCommand({ kind, number, choice }: Command, { messages = [] }: CaseState): CaseCommand {
  const last = (...states: readonly string[]): string =>
    messages.findLast((message) => states.includes(message.state))?.id ?? "ms_none";
  switch (kind) {
    case "release-message":
      return { type: "release-message", messageId: last("held"), reason: "the customer asked for the link" };
    case "report-sent":
      return { type: "report-sent", messageId: last("released") };
    case "report-failed": {
      const sent = messages.filter((message) => message.state === "sent");
      const failing = choice % 2 === 0 ? sent.at(-1) : sent[0];
      return { type: "report-failed", messageId: failing?.id ?? last("released"), reason: "unknown number" };
    }
    default: {
      const text = kind === "write-link" ? "https://help.northtel.example/1" : "We will call you at ten.";
      return { type: "write-message", messageId: `ms_${number}`, channel: "sms", via: "crm", text };
    }
  }
}

/** Returns a command that delivers or withdraws the last open promise. */
function endPromise({ promises = [] }: CaseState, choice: number): CaseCommand {
  const promiseId = promises.findLast((promise) => promise.state === "open")?.id ?? "pr_none";
  return choice % 3 === 0
    ? { type: "withdraw-promise", promiseId, reason: "not needed" }
    : { type: "deliver-promise", promiseId, evidence: "done" };
}
