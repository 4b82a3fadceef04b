import { type Service, services } from "./services.ts";

export type NetworkFault = "drop-reply" | "delay" | "half-open-client" | "half-open-server" | "black-hole";

/** One fault. `forMs` is the duration of the fault, unless the fault ends automatically. */
export type Fault =
  | { readonly kind: "kill" | "freeze" | "clock-off"; readonly service: Service; readonly replica: number }
  | { readonly kind: "third-replica"; readonly service: Service }
  | { readonly kind: "postgres-shutdown" | "postgres-terminate" | "postgres-transaction" | "postgres-full-disk" }
  | { readonly kind: "broker-kill" | "broker-pause" }
  | {
      readonly kind: "network";
      readonly how: NetworkFault;
      readonly of: "postgres" | "kafka";
      readonly service: Service;
      /** The number of the replica whose connections the fault disturbs, or `all`. */
      readonly replica: number | "all";
    }
  | { readonly kind: "trim"; readonly service: Service; readonly frozenMs: number }
  | { readonly kind: "receiver-slow" | "receiver-failing" }
  | { readonly kind: "duplicates" | "out-of-order" };

/** The faults that happen together, their start and their duration. */
export type Step = { readonly atMs: number; readonly forMs: number; readonly faults: readonly Fault[] };

export type Plan = { readonly seed: number; readonly steps: readonly Step[]; readonly lastsMs: number };

export type PlanOptions = {
  readonly seed: number;
  /**
   * The plan continues with combinations of faults until it has this length. Every kind of fault occurs at least once,
   * so a plan can also be longer.
   */
  readonly atLeastMs: number;
  /** Selects only the faults whose names contain this text. */
  readonly only?: string;
};

const leadMs = 12_000;
/** The silence of the clients after a trim. Firings that are due soon must happen during the silence. */
export const trimSilenceMs = 20_000;
/** After an outage of Kafka the timer fires no clock until Kafka has responded successfully for 5 s. */
const pauseAfterMs = { alone: 3_500, afterKafka: 7_000, together: 7_000 };
/** The value is longer than the group's session timeout of 6 s, so that partitions get new owners. */
const beyondSessionMs = 8_000;
const unnoticedMs = 2_000;
const briefMs = 2_500;
/** A group notices a dead member after 6 s. */
const takeOverMs = 7_000;
const restlessMs = 6_000;
const forgottenMs = 15_000;

/**
 * Draws the faults of a run from a seed: first every kind alone in a random order, then two or three together. The same
 * options always give the same plan.
 */
export function makePlan({ seed, atLeastMs, only }: PlanOptions): Plan {
  const draw = createDraw(seed);
  const isChosen = (fault: Fault): boolean => only === undefined || nameOf(fault).includes(only);
  const every = draw.shuffled(everyFault(draw).filter(isChosen));
  if (every.length === 0) throw new RangeError(`no fault's name contains ${only}`);
  const steps: Step[] = [];
  let atMs = leadMs;
  const add = (faults: readonly Fault[], breath: number): void => {
    const forMs = Math.max(...faults.map(lengthOf));
    steps.push({ atMs, forMs, faults });
    atMs += forMs + breath;
  };
  for (const fault of every) add([fault], stopsClocks(fault) ? pauseAfterMs.afterKafka : pauseAfterMs.alone);
  const togetherMin = only === undefined ? 6 : 0;
  const isLongEnough = (): boolean => steps.length >= every.length + togetherMin && atMs >= atLeastMs;
  while (!isLongEnough()) {
    const faults = together(draw.shuffled(everyFault(draw).filter(isChosen)));
    add(faults.slice(0, draw.whole(2, 3)), pauseAfterMs.together);
  }
  return { seed, steps, lastsMs: atMs };
}

/** Returns a plan with only these steps, one after the other. */
export function makeDrill(seed: number, rounds: readonly (readonly Fault[])[]): Plan {
  const steps: Step[] = [];
  let atMs = leadMs;
  for (const faults of rounds) {
    const forMs = Math.max(...faults.map(lengthOf));
    steps.push({ atMs, forMs, faults });
    atMs += forMs + pauseAfterMs.alone;
  }
  return { seed, steps, lastsMs: atMs };
}

/** Returns the name of a fault in a report, for example `kill timer/1`. */
export function nameOf(fault: Fault): string {
  switch (fault.kind) {
    case "network":
      return `${fault.how} ${fault.service}/${fault.replica} to ${fault.of}`;
    case "kill":
    case "freeze":
    case "clock-off":
      return `${fault.kind} ${fault.service}/${fault.replica}`;
    case "third-replica":
      return `third-replica of ${fault.service}`;
    case "trim":
      return `trim ${fault.service}`;
    default:
      return fault.kind;
  }
}

/** Returns every kind of fault once, with random targets. */
function everyFault(draw: Draw): Fault[] {
  const one = (): number => draw.whole(0, 1);
  const where = (): number | "all" => draw.pick([0, 1, "all"] as const);
  const processes = services.flatMap((service): Fault[] => [
    { kind: "kill", service, replica: one() },
    { kind: "freeze", service, replica: one() },
    { kind: "third-replica", service },
  ]);
  const hows: readonly NetworkFault[] = ["drop-reply", "delay", "half-open-client", "half-open-server", "black-hole"];
  const networks = hows.flatMap((how): Fault[] =>
    (["postgres", "kafka"] as const).map((of) => ({
      kind: "network",
      how,
      of,
      service: draw.pick(services),
      // The plan cannot know which replica has the active relay, and a standby gets no responses that can be lost.
      replica: how === "drop-reply" ? "all" : where(),
    })),
  );
  return [
    ...processes,
    { kind: "clock-off", service: draw.pick(services), replica: one() },
    { kind: "postgres-shutdown" },
    { kind: "postgres-terminate" },
    { kind: "postgres-transaction" },
    { kind: "postgres-full-disk" },
    { kind: "broker-kill" },
    { kind: "broker-pause" },
    ...networks,
    { kind: "receiver-slow" },
    { kind: "receiver-failing" },
    { kind: "duplicates" },
    { kind: "out-of-order" },
    // During a long freeze the group considers the service dead. The group does not notice a short freeze.
    { kind: "trim", service: draw.pick(services), frozenMs: draw.pick([unnoticedMs, beyondSessionMs]) },
  ];
}

/**
 * Keeps one fault per component. For example, a stopped server cannot stop again and cannot fill its disk. A trim
 * always happens alone, because other faults need requests and the clients are silent after a trim.
 */
function together(faults: readonly Fault[]): Fault[] {
  const seen = new Set<string>();
  return faults.filter((fault) => {
    if (fault.kind === "trim") return false;
    const thing = componentOf(fault);
    const isNew = !seen.has(thing);
    seen.add(thing);
    return isNew;
  });
}

function componentOf(fault: Fault): string {
  if ("service" in fault) return fault.kind === "network" ? `network ${fault.service}` : fault.service;
  return fault.kind.split("-")[0] ?? fault.kind;
}

function stopsClocks(fault: Fault): boolean {
  return (
    fault.kind.startsWith("broker") ||
    (fault.kind === "network" && fault.of === "kafka" && lengthOf(fault) > restlessMs)
  );
}

function lengthOf(fault: Fault): number {
  switch (fault.kind) {
    case "kill":
      return takeOverMs;
    case "postgres-terminate":
    case "postgres-shutdown":
    case "broker-kill":
      return briefMs;
    case "network":
      return fault.how === "delay" || fault.how === "drop-reply" ? restlessMs : beyondSessionMs;
    case "postgres-transaction":
      return forgottenMs;
    case "trim":
      return fault.frozenMs + trimSilenceMs;
    case "freeze":
    case "broker-pause":
    case "third-replica":
    case "clock-off":
      return beyondSessionMs;
    default:
      return restlessMs;
  }
}

type Draw = ReturnType<typeof createDraw>;

/** Draws random numbers with Mulberry32, so that one small number determines a whole run. */
export function createDraw(seed: number) {
  let state = seed >>> 0;
  const fraction = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const whole = (least: number, most: number): number => least + Math.floor(fraction() * (most - least + 1));
  const pick = <T>(from: readonly T[]): T => from[whole(0, from.length - 1)] as T;
  const shuffled = <T>(items: readonly T[]): T[] => {
    const rest = [...items];
    for (let last = rest.length - 1; last > 0; last--) {
      const other = whole(0, last);
      [rest[last], rest[other]] = [rest[other] as T, rest[last] as T];
    }
    return rest;
  };
  return { fraction, whole, pick, shuffled };
}
