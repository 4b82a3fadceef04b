import type { LineDocument } from "@crossline/contracts";

/** The line of story 1: nobody keeps a customer on the telephone for twenty minutes without progress. */
export function handheldConsumer(lastResort: string): LineDocument {
  return {
    line: "handheld-consumer",
    mode: "cross",
    calendar: "24x7",
    clocks: [
      { kind: "first-response", target: { live: "PT15M", else: "PT4H" }, warnAt: [] },
      { kind: "stall.busy", target: "PT20M", warnAt: [50, 75, 90] },
      { kind: "handling.limit", target: "PT45M", warnAt: [] },
      { kind: "stall.idle", target: { critical: "PT30M", else: "PT2H" }, warnAt: [] },
    ],
    crossing: [
      { to: "queue:orchard.handheld", mode: "live-assist", acceptWithin: "PT90S", repeat: 1 },
      { to: "queue:orchard.tier2", mode: "ticket", acceptWithin: "PT30M", repeat: 2 },
    ],
    lastResort: [lastResort],
  };
}

/** A line to try: everything happens within a minute. */
export function tryIt(lastResort: string): LineDocument {
  return {
    line: "try-it",
    mode: "cross",
    calendar: "24x7",
    clocks: [{ kind: "stall.busy", target: "PT15S", warnAt: [50] }],
    crossing: [{ to: "queue:orchard.handheld", mode: "live-assist", acceptWithin: "PT30S", repeat: 1 }],
    lastResort: [lastResort],
  };
}
