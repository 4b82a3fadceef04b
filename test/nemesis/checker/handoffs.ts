import type { CaseView } from "../history.ts";
import type { CaseFile, CaseEvent } from "./case-file.ts";
import type { Finding } from "./findings.ts";
import { type Losses, nameOfLost } from "./losses.ts";

/**
 * Checks that each stall breach of an open case reached the vendor's own consumer as one offer. Checks also that no
 * further offer reached the vendor's consumer.
 */
export function checkOffers(file: CaseFile): Finding[] {
  const { caseId, offers, firings, events } = file;
  const breaches = firings.filter(({ clock, threshold }) => clock.startsWith("stall") && threshold === 100).length;
  const isOver = events.some(({ type }) => type === "case.closed" || type === "handoff.withdrawn");
  if (offers.size > Math.max(1, breaches))
    return [{ kind: "doubled-offer", caseId, what: `offered ${offers.size} times` }];
  if (breaches === 0 && offers.size === 1)
    return [{ kind: "needless-crossing", caseId, what: "offered to the vendor without a breach" }];
  if (breaches > 0 && offers.size === 0 && !isOver)
    return [{ kind: "lost-offer", caseId, what: "breached, and the vendor never received an offer" }];
  return [];
}

/**
 * Checks that the times per holder add up to the case's age. The vendor's time must be the time between acceptance and
 * resolution.
 */
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
  // The carrier may close a case just before the vendor accepts it, or while the vendor is the holder.
  const until = Math.min(resolved ?? view.asOf, closed ?? view.asOf);
  const expected = accepted === undefined ? 0 : Math.max(0, until - accepted);
  const held = view.held[vendor] ?? 0;
  if (held !== expected) findings.push(find(`the vendor was the holder for ${expected} ms, not for ${held}`));
  return findings;
}

/** Returns the lost record that explains a missing offer. Routing may have lost the breach or the opening. */
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

/** Events with which intake updates the holder. */
const holderChanges: ReadonlySet<string> = new Set(["handoff.accepted", "handoff.resolved", "handoff.withdrawn"]);

/** Returns the lost record that explains wrong times per holder. Intake may have lost a change of holder. */
export function excuseOfTimes({ events }: CaseFile, losses: Losses): string | undefined {
  const lost = events.find(({ type, place }) => holderChanges.has(type) && losses.isLost("intake", place));
  return lost === undefined ? undefined : nameOfLost("intake", lost.type, lost.place);
}

function timeOf(events: readonly CaseEvent[], type: string): number | undefined {
  return events.find((event) => event.type === type)?.time;
}
