import type { DurationMs } from "@crossline/contracts";
import type { ServiceName } from "./service.ts";
import { type Random, seeded } from "./random.ts";

/** What somebody outside asks for. `choice` decides the details, so that the same command is the same at every run. */
export type Command = {
  readonly number: number;
  readonly atMs: DurationMs;
  readonly caseNumber: number;
  readonly kind: CommandKind;
  readonly choice: number;
};

export type CommandKind = (typeof kinds)[number];

/** Something that goes wrong at the n-th await of one replica. */
export type Fault = {
  readonly service: ServiceName;
  readonly replica: 0 | 1;
  readonly atAwait: number;
  readonly kind: "crash" | "freeze" | "zombie" | "repeat" | "delay" | "rebalance" | "outage" | "unsent" | "takeover";
  readonly forMs: DurationMs;
  readonly choice: number;
};

/** All that a run depends on. */
export type Story = {
  readonly seed: number;
  readonly commands: readonly Command[];
  readonly faults: readonly Fault[];
  /** How long nothing goes wrong any more, and nobody asks for anything, before the end. */
  readonly calmMs: DurationMs;
  /** How long awaits take and which topic is read first is drawn, too; else each takes 1 ms. */
  readonly isJittered: boolean;
};

const kinds = [
  "open",
  "publish-line",
  "contact",
  "answer",
  "auto-reply",
  "entry",
  "internal-entry",
  "automated-entry",
  "start-handling",
  "beat",
  "end-handling",
  "wait",
  "work-on",
  "resolve-case",
  "automated-status",
  "end",
  "cross",
  "stale-cross",
  "confirm",
  "reopen",
  "close",
  "claim",
  "renew",
  "release",
  "accept",
  "stale-accept",
  "reject",
  "resolve",
  "stale-token",
  "take",
  "severity",
  "promise",
  "end-promise",
  "request-info",
  "inform",
  "return",
  "transfer",
  "resolve-root",
  "vendor-entry",
  "foreign-entry",
] as const;

/** How often each is drawn; a call is a handling with its heartbeats, a commitment a promise and what becomes of it. */
const weights: readonly (readonly [kind: CommandKind | "call" | "cure" | "commitment", share: number])[] = [
  ["contact", 4],
  ["answer", 3],
  ["auto-reply", 2],
  ["entry", 4],
  ["internal-entry", 2],
  ["automated-entry", 2],
  ["vendor-entry", 2],
  ["foreign-entry", 1],
  ["call", 5],
  ["wait", 3],
  ["work-on", 2],
  ["resolve-case", 2],
  ["automated-status", 2],
  ["end", 1],
  ["cross", 4],
  ["stale-cross", 1],
  ["confirm", 3],
  ["reopen", 3],
  ["close", 1],
  ["claim", 5],
  ["renew", 1],
  ["release", 2],
  ["accept", 5],
  ["stale-accept", 1],
  ["reject", 3],
  ["resolve", 4],
  ["stale-token", 1],
  ["take", 4],
  ["cure", 3],
  ["severity", 3],
  ["commitment", 4],
  ["publish-line", 1],
];
const drawn = weights.flatMap(([kind, share]) => Array.from({ length: share }, () => kind));

const faultKinds = [
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
/** What the lines give their clocks. */
const targetsMs = [90_000, ...[2, 3, 4, 5, 6, 9, 10, 15, 20].map((minutes) => minutes * minuteMs)];

/** The story of a seed: some cases, what is done with them, and what goes wrong meanwhile. */
export function storyOf(seed: number): Story {
  const random = seeded(seed);
  const cases = 1 + random.below(2);
  const planned: Omit<Command, "number">[] = [];
  for (let caseNumber = 0; caseNumber < cases; caseNumber++) planned.push(...aCase(random, caseNumber));
  const commands = planned.toSorted((a, b) => a.atMs - b.atMs).map((command, number) => ({ ...command, number }));
  return {
    seed,
    commands,
    faults: Array.from({ length: random.below(6) }, () => aFault(random)),
    calmMs: (10 + random.below(30)) * minuteMs,
    isJittered: true,
  };
}

/** The story of a seed, but what goes wrong is that the timer freezes for minutes, at the worst moment for it. */
export function frozenStoryOf(seed: number): Story {
  const random = seeded(seed + 7_000_003);
  const freeze = (replica: 0 | 1): Fault => ({
    service: "timer",
    replica,
    atAwait: 1 + random.below(300),
    kind: "zombie",
    forMs: minuteMs + random.below(20 * minuteMs),
    choice: 1,
  });
  return { ...storyOf(seed), faults: [freeze(0), freeze(1)] };
}

/** What companies do who do not take a case as it comes: they ask back, send it back with evidence, pass it on. */
const scenes: readonly (readonly CommandKind[])[] = [
  ["cross", "claim", "request-info", "inform", "accept", "resolve"],
  ["cross", "claim", "request-info"],
  ["claim", "request-info", "release", "claim", "accept"],
  ["claim", "request-info", "accept"],
  ["cross", "claim", "accept", "return"],
  ["cross", "claim", "accept", "return", "cross", "claim", "accept", "return", "cross", "claim", "accept", "return"],
  ["cross", "claim", "accept", "transfer", "claim", "accept", "return"],
  ["cross", "claim", "accept", "transfer"],
  ["resolve-root", "confirm", "close"],
  ["resolve-root", "reopen"],
];

/** The story of a seed, in which cases are sent back and forth besides. */
export function pushedStoryOf(seed: number): Story {
  const random = seeded(seed + 11_000_003);
  const story = storyOf(seed);
  const opened = story.commands.filter(({ kind }) => kind === "open");
  const pushed = opened.flatMap(({ caseNumber, atMs: begun }) => {
    let atMs = begun + 1 + random.below(4 * minuteMs);
    return Array.from({ length: 1 + random.below(4) }, () => random.pick(scenes)).flatMap((scene) => {
      // At times in one go, at times with enough between for clocks to come due on the way.
      const longestMs = random.pick([100, 5_000, 20_000, minuteMs, 10 * minuteMs]);
      atMs += random.below(5 * minuteMs);
      return scene.map((kind) => {
        atMs += 1 + random.below(longestMs);
        return { atMs, caseNumber, kind, choice: random.below(1 << 20) };
      });
    });
  });
  const commands = [...story.commands, ...pushed].toSorted((a, b) => a.atMs - b.atMs);
  return { ...story, commands: commands.map((command, number) => ({ ...command, number })) };
}

function aCase(random: Random, caseNumber: number): Omit<Command, "number">[] {
  const planned: Omit<Command, "number">[] = [];
  let atMs = random.below(3 * minuteMs);
  const add = (kind: CommandKind): void => void planned.push({ atMs, caseNumber, kind, choice: random.below(1 << 20) });
  const pass = (longestMs: number): void => void (atMs += 1 + random.below(longestMs));
  add("open");
  for (let left = 3 + random.below(10); left > 0; left--) {
    // Mostly soon after the last, so that it meets it on its way; at times long after, so that something comes due first.
    pass(random.pick([50, 2_000, 30_000, minuteMs, 4 * minuteMs, 16 * minuteMs]));
    // And at times just when something that began with the last is due: there the races are.
    if (random.chance(0.2))
      atMs = planned.at(-1)!.atMs + random.pick(targetsMs) + random.below(random.pick([80, 600])) - 60;
    const kind = random.pick(drawn);
    if (kind === "call") {
      add("start-handling");
      for (let beats = random.below(8); beats > 0; beats--) {
        atMs += minuteMs;
        add("beat");
      }
      pass(minuteMs);
      if (random.chance(0.7)) add("end-handling");
    } else if (kind === "commitment") {
      add("promise");
      pass(random.pick([2_000, 4 * minuteMs, 16 * minuteMs]));
      if (random.chance(0.8)) add("end-promise");
    } else if (kind === "cure") {
      for (const step of ["cross", "claim", "accept", "resolve"] as const) {
        add(step);
        pass(20_000);
      }
      if (random.chance(0.5)) add(random.pick(["confirm", "reopen"]));
    } else add(kind);
  }
  return planned;
}

function aFault(random: Random): Fault {
  const kind = random.pick(faultKinds);
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
