import type { LineDocument, LineRef } from "@crossline/contracts";
import { compileLine } from "./compile.ts";
import type { Line } from "./line.ts";

/**
 * The built-in line. This line applies to cases whose carrier has no default line, so that every case has clocks. The use of
 * this line raises an alarm, because the line has no line step.
 */
export const builtinRef: LineRef = { carrier: "builtin", name: "default", version: 1 };

export const builtinDocument: LineDocument = {
  line: "default",
  mode: "cross",
  calendar: "24x7",
  clocks: [
    { kind: "first-response", target: { live: "PT15M", else: "PT4H" }, warnAt: [] },
    { kind: "stall.busy", target: "PT20M", warnAt: [50, 75, 90] },
    { kind: "handling.limit", target: "PT45M", warnAt: [] },
    { kind: "stall.idle", target: { critical: "PT30M", else: "PT2H" }, warnAt: [] },
  ],
  crossing: [],
  lastResort: [],
};

export const builtinLine: Line = compileLine(builtinRef, builtinDocument);
