import type { EventOf, Instant } from "@crossline/contracts";
import type { HandlingLimit, Line } from "../line/line.ts";
import type { CaseClocks, Handling } from "./clock.ts";

/** The maximum number of live handlings of one party. */
const handlingsMax = 20;

/** How long a handling counts after its last heartbeat, unless the line counts handlings until their end. */
export const heartbeatGraceMs = 180_000;

/**
 * The interval at which a CRM should send heartbeats. If at most two heartbeats in a row are lost, all minutes of the handling
 * count.
 */
export const heartbeatEveryMs = 60_000;

/** Returns the live handlings after a handling starts or has a heartbeat. */
export function applyHeartbeat(
  handlings: readonly Handling[],
  event: EventOf<"handling.started" | "handling.continued">,
  { handlings: limit }: Pick<Line, "handlings">,
): Handling[] {
  const { handlingId: id, channel, actor } = event.data;
  const former = handlings.find((handling) => handling.id === id);
  const others = handlings.filter((handling) => handling !== former);
  const ofParty = others.filter(({ party }) => party === actor.party);
  const remaining = ofParty.length < handlingsMax ? others : others.filter((handling) => handling !== ofParty[0]);
  const until = liveUntilAfter(event.time, former, limit);
  const isSilent = former?.silent === true && former.liveUntil === until;
  return [
    ...remaining,
    { id, party: actor.party, channel, liveUntil: until, ...(isSilent && { silent: true as const }) },
  ];
}

/**
 * Returns the instant until which a handling counts after a heartbeat. If the line counts handlings until their end, the line
 * also limits how long a handling counts without a heartbeat.
 */
export function liveUntilAfter(
  at: Instant,
  former: Pick<Handling, "liveUntil"> | undefined,
  limit: HandlingLimit | undefined,
): Instant {
  const first = limit === undefined || former !== undefined ? -Infinity : at + limit.maxMs;
  return Math.max(at + heartbeatGraceMs, former?.liveUntil ?? first);
}

/** Returns the instant until which a live handling of this party counts; undefined if none is live at `at`. */
export function liveUntil(state: CaseClocks, party: string, at: Instant): Instant | undefined {
  let latest: Instant | undefined;
  for (const { party: its, liveUntil: until } of state.handlings) {
    if (its === party && until > at && (latest === undefined || until > latest)) latest = until;
  }
  return latest;
}
