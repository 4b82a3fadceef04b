import type { LineDocument, LineRef } from "@crossline/contracts";
import { type Line, compileLine } from "../../src/index.ts";
import { moves, rep, start } from "../whole-moves.ts";
import { WholeCase } from "../whole.ts";
import { unstaffed } from "../unstaffed.ts";

/*
 * Creates samples of open, resolved and closed cases for the table of obligations, by acts of companies and customers only. The
 * samples of a status together have a clock of every kind that can run in this status.
 */

const document: LineDocument = {
  line: "sample",
  mode: "cross",
  calendar: "24x7",
  clocks: [
    { kind: "first-response", target: "PT40H", warnAt: [] },
    { kind: "next-update", target: "PT50H", warnAt: [] },
    { kind: "stall.busy", target: "PT40M", warnAt: [] },
    { kind: "handling.limit", target: "PT45M", warnAt: [] },
    { kind: "stall.idle", target: { critical: "PT30H", else: "PT60H" }, warnAt: [] },
    { kind: "resolution", target: { critical: "PT70H", else: "PT80H" }, warnAt: [] },
  ],
  crossing: [{ to: "queue:orchard.handheld", mode: "ticket", acceptWithin: "PT20H", repeat: 1 }],
  lastResort: ["roster:northtel.duty"],
  needBy: { cure: "PT6H" },
};

const compile = (version: number, changes: Partial<LineDocument> = {}): Line =>
  compileLine({ carrier: "northtel", name: "sample", version } satisfies LineRef, { ...document, ...changes });

/** The line of the samples. A move puts the case under `otherLine`, whose targets are different. */
const sampleLine = compile(1);
const otherLine = compile(2, {
  clocks: document.clocks.map((clock) => (typeof clock.target === "string" ? { ...clock, target: "PT35H" } : clock)),
});

const deps = { ...unstaffed, onDuty: (name: string) => ({ exists: true, people: [{ person: name, name }] }) };

/** Performs one act each minute on a case. Throws if an act is refused. */
function act(whole: WholeCase, ...names: readonly string[]): WholeCase {
  for (const name of names) {
    whole.advance(whole.now + 60_000);
    if (perform(whole, name) !== undefined) throw new Error(`a sample refuses ${name}`);
  }
  return whole;
}

/** Performs the act with this name, and returns its refusal. */
export function perform(whole: WholeCase, name: string): unknown {
  if (name === "move") return whole.move(otherLine, rep);
  const move = moves.find(([its]) => its === name);
  if (move === undefined) throw new Error(`no act has the name ${name}`);
  return move[1](whole);
}

const opened = (needBy = "2026-03-08T03:00:00-05:00"): WholeCase =>
  new WholeCase(sampleLine, { channel: "mail", severity: "minor", needBy, deps }, rep, start);
const promised = ["promise the fix"] as const;

/** The samples by their status. */
export const samples: Readonly<Record<"open" | "resolved" | "closed", readonly (() => WholeCase)[]>> = {
  open: [
    () => act(opened(), ...promised),
    () => act(opened(), ...promised, "answer"),
    () => act(opened(), ...promised, "answer", "a mail"),
    () => act(opened(), ...promised, "call", "a mail"),
    () => act(opened(), ...promised, "answer", "a mail", "cross"),
    () => act(opened(), ...promised, "cross", "claim"),
    () => act(opened(), ...promised, "cross", "claim", "ask"),
    () => act(opened(), ...promised, "answer", "a mail", "cross", "claim", "accept"),
    () => act(opened(), ...promised, "wait"),
    () => act(opened(), ...promised, "cross", "claim", "reject"),
    () => act(opened(), "cross", "claim", "accept", "return", "cross", "claim", "accept", "return", ...promised),
    () => act(opened(), ...promised, "answer", "a mail", "fix", "a mail", "reopen"),
    () => act(opened(), ...promised, "answer", "a mail", "join an incident"),
  ],
  resolved: [
    () => act(opened(), ...promised, "fix"),
    () => act(opened(), ...promised, "answer", "a mail", "fix"),
    () => act(opened(), ...promised, "answer", "a mail", "fix", "a mail"),
    () => act(opened(), "cross", "claim", "accept", "return", "cross", "claim", "accept", "return", ...promised, "fix"),
  ],
  closed: [
    () => act(opened(), ...promised, "close"),
    () => act(opened(), ...promised, "answer", "a mail", "close"),
    () => act(opened(), ...promised, "answer", "a mail", "close", "a mail"),
  ],
};

/** Returns a case that has just been opened. */
export const justOpened = opened;
