import type { Bench } from "./frame.ts";
import { stalls } from "./stalls.ts";

/** Every benchmark, in the order of the documents. */
export const benches: readonly Bench[] = [stalls];
