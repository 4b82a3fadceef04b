import type { LineDocument, LineRef } from "@crossline/contracts";
import { type Line, compileLine } from "../../src/index.ts";
import { moves, rep, start } from "../whole-moves.ts";
import { WholeCase } from "../whole.ts";
import { unstaffed } from "../unstaffed.ts";

/*
 * Cases in every standing that the table of obligations tells apart, each reached by acts of companies and customers alone. Together
 * they run a clock of every kind on an open, a resolved and a closed case, as far as one can run there.
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

/** The line that samples are under, and one with other targets that a case is moved to. */
const sampleLine = compile(1);
const otherLine = compile(2, {
  clocks: document.clocks.map((clock) => (typeof clock.target === "string" ? { ...clock, target: "PT35H" } : clock)),
});

const deps = { ...unstaffed, onDuty: (name: string) => ({ exists: true, people: [{ person: name, name }] }) };

/** Lets a case do these, a minute after each other; one that is refused is a bug of the sample. */
function act(whole: WholeCase, ...names: readonly string[]): WholeCase {
  for (const name of names) {
    whole.advance(whole.now + 60_000);
    if (perform(whole, name) !== undefined) throw new Error(`${name} is refused in a sample`);
  }
  return whole;
}

/** One act by its name; gives the refusal, if there is one. */
export function perform(whole: WholeCase, name: string): unknown {
  if (name === "move") return whole.move(otherLine, rep);
  const move = moves.find(([its]) => its === name);
  if (move === undefined) throw new Error(`there is no act ${name}`);
  return move[1](whole);
}

const opened = (needBy = "2026-03-08T03:00:00-05:00"): WholeCase =>
  new WholeCase(sampleLine, { channel: "mail", severity: "minor", needBy, deps }, rep, start);
const promised = ["promise the cure"] as const;

/** By what it has been through. */
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
    () => act(opened(), ...promised, "answer", "a mail", "cure", "a mail", "reopen"),
  ],
  resolved: [
    () => act(opened(), ...promised, "cure"),
    () => act(opened(), ...promised, "answer", "a mail", "cure"),
    () => act(opened(), ...promised, "answer", "a mail", "cure", "a mail"),
    () =>
      act(opened(), "cross", "claim", "accept", "return", "cross", "claim", "accept", "return", ...promised, "cure"),
  ],
  closed: [
    () => act(opened(), ...promised, "close"),
    () => act(opened(), ...promised, "answer", "a mail", "close"),
    () => act(opened(), ...promised, "answer", "a mail", "close", "a mail"),
  ],
};

/** A case at its opening. */
export const justOpened = opened;
