import type { LineDocument } from "@crossline/contracts";

/** The line of story 1, with two queues of the vendor. */
export const handheld = (vendor: string): LineDocument => ({
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
    { to: `queue:${vendor}.handheld`, mode: "live-assist", acceptWithin: "PT90S", repeat: 1 },
    { to: `queue:${vendor}.tier2`, mode: "ticket", acceptWithin: "PT30M", repeat: 1 },
  ],
  lastResort: ["https://duty.northtel.example/"],
});
