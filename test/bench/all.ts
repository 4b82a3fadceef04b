import { auditorKeepsUp } from "./auditor.ts";
import { board } from "./board.ts";
import { calendarSums } from "./calendar.ts";
import { consoleStreams } from "./console.ts";
import { core } from "./core.ts";
import { fairness } from "./fairness.ts";
import type { Bench } from "./frame.ts";
import { idle } from "./idle.ts";
import { importing } from "./import.ts";
import { insightPrice } from "./insight.ts";
import { intake } from "./intake.ts";
import { kafkaUsers } from "./kafka-users.ts";
import { overload } from "./overload.ts";
import { saturation } from "./saturation.ts";
import { stalls } from "./stalls.ts";
import { takeover } from "./takeover.ts";
import { timersBytes } from "./timers-bytes.ts";
import { timersCrash } from "./timers-crash.ts";
import { timersDrain } from "./timers-drain.ts";
import { timersGrowth } from "./timers-growth.ts";
import { timersLateness } from "./timers-lateness.ts";
import { timersRearm } from "./timers-rearm.ts";

/** Every benchmark, in the order of the documents. In a quick run the first five benchmarks share one platform. */
export const benches: readonly Bench[] = [
  stalls,
  saturation,
  importing,
  idle,
  takeover,
  intake,
  overload,
  fairness,
  timersDrain,
  timersLateness,
  timersRearm,
  timersBytes,
  timersCrash,
  timersGrowth,
  auditorKeepsUp,
  insightPrice,
  consoleStreams,
  board,
  calendarSums,
  core,
  kafkaUsers,
];
