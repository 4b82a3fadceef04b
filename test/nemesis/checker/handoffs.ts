import type { CaseView } from "../history.ts";
import type { CaseFile, CaseEvent } from "./case-file.ts";
import type { Finding } from "./findings.ts";
import { type Losses, nameOfLost } from "./losses.ts";

/** The vendor's own consumer: each stall that breached in an open case is offered to it, once; nothing else is. */
export function checkOffers(file: CaseFile): Finding[] {
  const { caseId, offers, firings, events } = file;
  const breaches = firings.filter(({ clock, threshold }) => clock.startsWith("stall") && threshold === 100).length;
  const isOver = events.some(({ type }) => type === "case.closed" || type === "handoff.withdrawn");
  if (offers.size > Math.max(1, breaches))
    return [{ kind: "doubled-offer", caseId, what: `offered ${offers.size} times` }];
  if (breaches === 0 && offers.size === 1)
    return [{ kind: "needless-crossing", caseId, what: "offered to the vendor, and no clock had breached" }];
  if (breaches > 0 && offers.size === 0 && !isOver)
    return [{ kind: "lost-offer", caseId, what: "breached, and the vendor never heard of it" }];
  return [];
}

/** The times per holder add up to the case's age, and the vendor's are those between its acceptance and its cure. */
export function checkTimes(file: CaseFile, view: CaseView, vendor: string): Finding[] {
  const { caseId, events } = file;
  const find = (what: string): Finding => ({ kind: "holder-times", caseId, what });
  const findings: Finding[] = [];
  const sum = Object.values(view.held).reduce((total, ms) => total + ms, 0);
  const closed = timeOf(events, "case.closed");
  const age = (closed ?? view.asOf) - view.openedAt;
  if (sum !== age) findings.push(find(`add up to ${sum} ms, and the case is ${age} ms old`));
  const accepted = timeOf(events, "handoff.accepted");
  const resolved = timeOf(events, "handoff.resolved");
  // The carrier may close a case just before the vendor accepts it, or while the vendor has it.
  const until = Math.min(resolved ?? view.asOf, closed ?? view.asOf);
  const expected = accepted === undefined ? 0 : Math.max(0, until - accepted);
  const told = view.held[vendor] ?? 0;
  if (told !== expected) findings.push(find(`the vendor had it for ${expected} ms, not for ${told}`));
  return findings;
}

/** Why the vendor need not have heard of a breach: routing may never have read of it, or of the case. */
export function excuseOfOffer({ firings, events, offers }: CaseFile, losses: Losses): string | undefined {
  if (offers.size > 0) return undefined;
  const breach = firings.find(({ clock, threshold }) => clock.startsWith("stall") && threshold === 100);
  const opening = events.find(({ type }) => type === "case.opened");
  if (opening !== undefined && losses.isLost("routing", opening.place))
    return nameOfLost("routing", opening.type, opening.place);
  if (breach !== undefined && losses.isLost("routing", breach.place))
    return nameOfLost("routing", "clock.breached", breach.place);
  return undefined;
}

/** Facts by which intake knows whose the case is. */
const holderChanges: ReadonlySet<string> = new Set(["handoff.accepted", "handoff.resolved", "handoff.withdrawn"]);

/** Why the carrier's view may name another holder: an event by which the case went from one to the other may be lost to intake. */
export function excuseOfTimes({ events }: CaseFile, losses: Losses): string | undefined {
  const lost = events.find(({ type, place }) => holderChanges.has(type) && losses.isLost("intake", place));
  return lost === undefined ? undefined : nameOfLost("intake", lost.type, lost.place);
}

function timeOf(events: readonly CaseEvent[], type: string): number | undefined {
  return events.find((event) => event.type === type)?.time;
}
