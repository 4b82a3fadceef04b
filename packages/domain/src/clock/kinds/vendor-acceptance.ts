import { parseDuration, partyOf } from "@crossline/contracts";
import { isUnsolved } from "../../case/status.ts";
import { type KindRules, startClock } from "../change.ts";
import { countFrom, stopCounting } from "../counting.ts";
import { joinsIncident } from "../member.ts";
import { isStartedBy } from "../start.ts";

/**
 * Runs while an offer waits for acceptance or rejection, or while a page of a line step waits for a person to take the case. The
 * clock also runs while an assignment to a pool waits for a claim. A claim of an offer does not stop the clock. An open information request of the
 * vendor pauses the clock.
 */
export const vendorAcceptance: KindRules = {
  ends: ({ start }, { event, after }) => {
    if (!isUnsolved(after.status)) return true;
    switch (event.type) {
      case "handoff.accepted":
      case "handoff.rejected":
      case "handoff.lapsed":
      case "handoff.withdrawn":
      case "handoff.returned":
      case "handoff.transferred":
        return isStartedBy(start, event.data.handoffId);
      case "pool.claimed":
      case "pool.released":
      case "pool.lapsed":
        return isStartedBy(start, event.data.assignmentId);
      case "handoff.taken":
      case "handoff.offered":
      case "pool.assigned":
      case "line.exhausted":
        return start.by === "page";
      case "incident.joined":
        return start.by === "page" && joinsIncident({ event, after });
      case "roster.paged":
        return start.by === "page" && event.data.reason === "step";
      default:
        return false;
    }
  },
  keeps: (clock, { event, after }) =>
    after.handoff?.asked !== undefined && isStartedBy(clock.start, after.handoff.id)
      ? stopCounting(clock, event.time)
      : countFrom(clock, event.time),
  starts: (change, rule) => startOffer(change, rule) ?? startPage(change, rule) ?? startAssignment(change, rule),
  hours: "line",
  target: "line",
  implied: { target: { critical: "PT5M", major: "PT30M", else: "PT4H" } },
  pausedWhile: [],
  merge: "leave",
  breach: { does: "lapse" },
};

type Start = KindRules["starts"];

const startOffer: Start = (change, rule) => {
  const { event, after } = change;
  if (event.type !== "handoff.offered" || !isUnsolved(after.status)) return undefined;
  const { handoffId: id, vendor, acceptWithin } = event.data;
  const own = acceptWithin === undefined ? {} : ({ targetMs: parseDuration(acceptWithin), own: true } as const);
  return startClock(change, rule, { start: { by: "offer", id }, charged: vendor, ...own });
};

/** The carrier owes the claim, because its pool is inside the holder. */
const startAssignment: Start = (change, rule) => {
  const { event, after } = change;
  if (event.type !== "pool.assigned" || !isUnsolved(after.status)) return undefined;
  const { assignmentId: id, acceptWithin } = event.data;
  const own = acceptWithin === undefined ? {} : ({ targetMs: parseDuration(acceptWithin), own: true } as const);
  return startClock(change, rule, { start: { by: "pool", id }, charged: after.holder, ...own });
};

const startPage: Start = (change, rule) => {
  const { event, after } = change;
  if (event.type !== "roster.paged" || event.data.reason !== "step" || !isUnsolved(after.status)) return undefined;
  const { pageId: id, roster, acceptWithin } = event.data;
  if (acceptWithin === undefined) return undefined;
  const charged = partyOf(roster);
  const targetMs = parseDuration(acceptWithin);
  return startClock(change, rule, { start: { by: "page", id }, charged, targetMs, own: true });
};
