import type { Phase, Severity, Sort } from "./search.ts";

/** The phases as the board names them. */
export const phaseText: Readonly<Record<Phase | "ended", string>> = {
  "at-carrier": "with the carrier",
  offered: "offered",
  claimed: "claimed",
  question: "question asked",
  accepted: "accepted",
  resolved: "resolved",
  ended: "ended",
};

/** A shape for each severity, so that no person needs the colour. */
export const severityShape: Readonly<Record<Severity, string>> = { critical: "▲", major: "◆", minor: "▬" };

/** The orders as the board names them. */
export const sortText: Readonly<Record<Sort, string>> = {
  due: "next breach",
  ownDue: "next breach of your company",
  opened: "oldest case",
};

/** Returns a number with a noun, for example `1 case` or `1,200 cases`. */
export function countOf(count: number, noun: string): string {
  return `${count.toLocaleString("en-CA")} ${noun}${count === 1 ? "" : "s"}`;
}
