import { parseDuration } from "@crossline/contracts";
import { isUnsolved } from "../../case/status.ts";
import { type Change, type KindRules, startClock } from "../change.ts";
import { type Clock, count, stopCounting } from "../clock.ts";

/**
 * Runs while an offer waits for the vendor's word, or a page of a step for somebody who takes the case. A claim stops
 * nothing; while the vendor waits for an answer of the carrier it rests.
 */
export const vendorAcceptance: KindRules = {
  ends: (clock, change) => {
    const { event, after } = change;
    if (!isUnsolved(after.status)) return true;
    switch (event.type) {
      case "handoff.accepted":
      case "handoff.rejected":
      case "handoff.lapsed":
      case "handoff.withdrawn":
      case "handoff.returned":
      case "handoff.transferred":
        return event.data.handoffId === clock.incarnation;
      case "handoff.taken":
      case "handoff.offered":
      case "line.exhausted":
        return isPage(clock);
      case "roster.paged":
        return isPage(clock) && event.data.reason === "step";
      default:
        return false;
    }
  },
  keeps: (clock, { event, after }) =>
    after.handoff?.asked !== undefined && after.handoff.id === clock.incarnation
      ? stopCounting(clock, event.time)
      : count(clock, event.time),
  starts: (change, rule) => startOffer(change, rule) ?? startPage(change, rule),
};

type Start = KindRules["starts"];

const startOffer: Start = (change, rule) => {
  const { event, after } = change;
  if (event.type !== "handoff.offered" || !isUnsolved(after.status)) return undefined;
  const { handoffId, vendor, acceptWithin } = event.data;
  return startClock(change, rule, { incarnation: handoffId, charged: vendor, ...ownTarget(acceptWithin) });
};

const startPage: Start = (change: Change, rule) => {
  const { event, after } = change;
  if (event.type !== "roster.paged" || event.data.reason !== "step" || !isUnsolved(after.status)) return undefined;
  const { pageId, roster, acceptWithin } = event.data;
  if (acceptWithin === undefined) return undefined;
  const charged = roster.split(".")[0] ?? roster;
  return startClock(change, rule, { incarnation: pageId, charged, ...ownTarget(acceptWithin) });
};

function ownTarget(acceptWithin: string | undefined): Partial<Pick<Clock, "targetMs" | "ownTarget">> {
  return acceptWithin === undefined ? {} : { targetMs: parseDuration(acceptWithin), ownTarget: true };
}

function isPage({ incarnation }: Clock): boolean {
  return incarnation.startsWith("pg_");
}
