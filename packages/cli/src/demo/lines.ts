import type { LineDocument } from "@crossline/contracts";
import { lintLineDocument } from "@crossline/domain";
import { readyMade } from "../stories/ready-made.ts";

/** Returns the line of story 1 from infra/lines, with a last resort on this machine. */
export function handheldConsumer(lastResort: string): LineDocument {
  const linted = lintLineDocument({ ...readyMade("handheld-consumer.yaml"), lastResort: [lastResort] });
  if (!linted.ok) throw new Error("the ready-made line has faults");
  return linted.document;
}

/** Returns a line for a trial, under which everything happens within a minute. */
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
