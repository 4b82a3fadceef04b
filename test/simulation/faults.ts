import type { DurationMs } from "@crossline/contracts";
import type { Random } from "./random.ts";
import type { ServiceName } from "./service-deps.ts";

/**
 * A fault that happens at the n-th await of a replica. With `fromMs`, the fault happens at the first await after this
 * time of the story.
 */
export type Fault = {
  readonly service: ServiceName;
  readonly replica: 0 | 1;
  readonly atAwait: number;
  readonly fromMs?: DurationMs;
  readonly kind:
    | "crash"
    | "freeze"
    | "zombie"
    | "repeat"
    | "delay"
    | "rebalance"
    | "outage"
    | "unsent"
    | "takeover"
    | "trim";
  readonly forMs: DurationMs;
  readonly choice: number;
};

const kinds = [
  "crash",
  "crash",
  "crash",
  "freeze",
  "zombie",
  "repeat",
  "delay",
  "delay",
  "rebalance",
  "outage",
  "unsent",
  "unsent",
  "takeover",
] as const;
const services = ["intake", "timer", "routing"] as const;
const minuteMs = 60_000;
/** The index of the clock topic among the topics that intake reads. */
const clockTopicOfIntake = 1;

/** Draws a fault, mostly for the first replica. */
export function drawFault(random: Random): Fault {
  const kind = random.pick(kinds);
  const long = kind === "zombie" || kind === "delay" || kind === "outage" || kind === "unsent";
  return {
    service: kind === "zombie" && random.chance(0.6) ? "timer" : random.pick(services),
    replica: random.chance(0.7) ? 0 : 1,
    atAwait: 1 + random.below(random.pick([30, 120, 400])),
    kind,
    forMs: long ? 20_000 + random.below(random.pick([60_000, 600_000])) : 1 + random.below(8_000),
    choice: random.below(1 << 20),
  };
}

/** Draws a freeze of the timer that lasts for minutes. The freeze begins after the scanner has read and before it fires. */
export function drawFreeze(random: Random, replica: 0 | 1): Fault {
  return {
    service: "timer",
    replica,
    atAwait: 1 + random.below(300),
    kind: "zombie",
    forMs: minuteMs + random.below(20 * minuteMs),
    choice: 1,
  };
}

/** Draws a freeze of a service. During the freeze, the records that the service has not read are deleted. */
export function drawTrim(random: Random, fromMs: DurationMs): Fault {
  return {
    service: random.pick(services),
    replica: random.chance(0.5) ? 0 : 1,
    atAwait: 1,
    fromMs,
    kind: "trim",
    forMs: 1_000 + random.below(random.pick([10_000, minuteMs, 20 * minuteMs])),
    choice: 0,
  };
}

/**
 * Draws a disconnection of intake and timer: intake's relay cannot reach the broker, or firings reach intake late. As a result, the
 * clock of the automatic closing fires while intake records a contact of the customer.
 */
export function drawDisconnection(random: Random, fromMs: DurationMs): Fault {
  return {
    service: "intake",
    replica: random.chance(0.5) ? 0 : 1,
    atAwait: 1,
    fromMs,
    kind: random.pick(["unsent", "delay"] as const),
    forMs: 5_000 + random.below(20_000),
    choice: clockTopicOfIntake,
  };
}
