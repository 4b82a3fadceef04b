import type { Bench } from "./frame.ts";
import { idle } from "./idle.ts";
import { importing } from "./import.ts";
import { saturation } from "./saturation.ts";
import { stalls } from "./stalls.ts";
import { takeover } from "./takeover.ts";

/** Every benchmark, in the order of the documents. */
export const benches: readonly Bench[] = [stalls, saturation, importing, idle, takeover];
