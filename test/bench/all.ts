import type { Bench } from "./frame.ts";
import { fairness } from "./fairness.ts";
import { intake } from "./intake.ts";
import { overload } from "./overload.ts";
import { stalls } from "./stalls.ts";

/** Every benchmark, in the order of the documents. */
export const benches: readonly Bench[] = [intake, overload, fairness, stalls];
