import type { DurationMs } from "@crossline/contracts";
import type { Random } from "./random.ts";
import type { ServiceName } from "./service-deps.ts";

/** Something that goes wrong at the n-th await of one replica, or at the first one from an instant of the story on. */
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
/** Its place among the topics that intake reads. */
const clockTopicOfIntake = 1;

/** Draws a fault, mostly one of the first replica. */
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

/** The timer freezes for minutes, at the worst moment for it. */
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

/** A service stands still, and what its topics get meanwhile is deleted. */
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
 * Intake and the timer do not hear each other for a while: what intake tells is not sent, or what the timer fires reaches intake late.
 * So one decides that a case closes while the other records the customer's word.
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
