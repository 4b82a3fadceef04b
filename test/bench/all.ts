import type { Bench } from "./frame.ts";
import { stalls } from "./stalls.ts";
import { timersLateness } from "./timers-lateness.ts";
import { timersRearm } from "./timers-rearm.ts";
import { timersBytes } from "./timers-bytes.ts";
import { timersCrash } from "./timers-crash.ts";
import { timersGrowth } from "./timers-growth.ts";
import { timersDrain } from "./timers-drain.ts";

/** Every benchmark, in the order of the documents. */
export const benches: readonly Bench[] = [
  stalls,
  timersDrain,
  timersLateness,
  timersRearm,
  timersBytes,
  timersCrash,
  timersGrowth,
];
