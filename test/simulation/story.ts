import type { DurationMs } from "@crossline/contracts";
import { type Fault, drawDisconnection, drawFault, drawFreeze, drawTrim } from "./faults.ts";
import { type Command, type CommandKind, commandChoices } from "./kinds.ts";
import { confirmationMs, targetsMs } from "./lines.ts";
import { type Random, seeded } from "./random.ts";
import { aftermaths, causes, correspondences, incidents, pushes } from "./scenes.ts";

/** The complete input of a run. */
export type Story = {
  readonly seed: number;
  readonly commands: readonly Command[];
  readonly faults: readonly Fault[];
  /** The time without faults and commands before the end. */
  readonly calmMs: DurationMs;
  /** True if the durations of awaits and the order of topics are random. If false, each await takes 1 ms. */
  readonly isJittered: boolean;
};

type PlannedCommand = Omit<Command, "number">;

const minuteMs = 60_000;
/** The longest pauses between commands. Most pauses end before the services have applied the previous command, and some let a clock fire. */
const pausesMs = [50, 2_000, 30_000, minuteMs, 4 * minuteMs, 16 * minuteMs];

/** Returns the story of a seed: some cases, their commands, and the faults. */
export function storyOf(seed: number): Story {
  const random = seeded(seed);
  const cases = 1 + random.below(2);
  const planned: PlannedCommand[] = [];
  const faults: Fault[] = [];
  for (let caseNumber = 0; caseNumber < cases; caseNumber++) planned.push(...drawCase(random, caseNumber, faults));
  return {
    seed,
    commands: numberInOrder(planned),
    faults: [...faults, ...Array.from({ length: random.below(6) }, () => drawFault(random))],
    calmMs: (10 + random.below(30)) * minuteMs,
    isJittered: true,
  };
}

/**
 * Returns the story of a seed with only two faults. Each replica of the timer freezes for minutes, just before it fires.
 */
export function frozenStoryOf(seed: number): Story {
  const random = seeded(seed + 7_000_003);
  return { ...storyOf(seed), faults: [drawFreeze(random, 0), drawFreeze(random, 1)] };
}

/**
 * Returns the story of a seed in which a service loses records. Half of the stories with lost records also have the
 * faults of ordinary stories.
 */
export function trimmedStoryOf(seed: number): Story {
  const random = seeded(seed + 13_000_003);
  const story = storyOf(seed);
  const fromMs = random.pick(story.commands).atMs - random.below(random.pick([100, 10_000, minuteMs]));
  return { ...story, faults: [drawTrim(random, fromMs), ...(random.chance(0.5) ? story.faults : [])] };
}

/** Returns the story of a seed in which companies also send cases back and forth. */
export function pushedStoryOf(seed: number): Story {
  return withScenes(storyOf(seed), pushes, seeded(seed + 11_000_003));
}

/**
 * Returns the story of a seed in which the cases also join, leave and lead incidents. Every tenth story ends more than a day later, so
 * that some members reach the maximum of their line.
 */
export function incidentStoryOf(seed: number): Story {
  const story = withScenes(storyOf(seed), incidents, seeded(seed + 17_000_003));
  return seed % 10 === 0 ? { ...story, calmMs: 25 * 60 * minuteMs } : story;
}

/** Returns the story of a seed in which the cases are also linked to changes and get known errors. */
export function causeStoryOf(seed: number): Story {
  return withScenes(storyOf(seed), causes, seeded(seed + 19_000_013));
}

function withScenes(story: Story, scenes: readonly (readonly CommandKind[])[], random: Random): Story {
  const opened = story.commands.filter(({ kind }) => kind === "open");
  const pushed = opened.flatMap(({ caseNumber, atMs: begun }) => {
    let atMs = begun + 1 + random.below(4 * minuteMs);
    return Array.from({ length: 1 + random.below(4) }, () => random.pick(scenes)).flatMap((scene) => {
      // In some scenes the commands follow each other within milliseconds. In other scenes, clocks become due between the commands.
      const longestMs = random.pick([100, 5_000, 20_000, minuteMs, 10 * minuteMs]);
      atMs += random.below(5 * minuteMs);
      return scene.map((kind) => {
        atMs += 1 + random.below(longestMs);
        return { atMs, caseNumber, kind, choice: random.below(1 << 20) };
      });
    });
  });
  return { ...story, commands: numberInOrder([...story.commands, ...pushed]) };
}

function numberInOrder(planned: readonly PlannedCommand[]): Command[] {
  return planned.toSorted((a, b) => a.atMs - b.atMs).map((command, number) => ({ ...command, number }));
}

/** Draws the commands of one case. Adds the faults that belong to a command to `faults`. */
function drawCase(random: Random, caseNumber: number, faults: Fault[]): PlannedCommand[] {
  const planned: PlannedCommand[] = [];
  let atMs = random.below(3 * minuteMs);
  const add = (kind: CommandKind): void => void planned.push({ atMs, caseNumber, kind, choice: random.below(1 << 20) });
  const pass = (longestMs: number): void => void (atMs += 1 + random.below(longestMs));
  const later = (): void => {
    pass(random.pick(pausesMs));
    // Sometimes the command races with a clock that the previous command started, because both happen at almost the same instant.
    if (random.chance(0.2))
      atMs = planned.at(-1)!.atMs + random.pick(targetsMs) + random.below(random.pick([80, 600])) - 60;
  };
  add("open");
  for (let left = 3 + random.below(8); left > 0; left--) {
    later();
    const kind = random.pick(commandChoices);
    switch (kind) {
      case "call":
        add("start-handling");
        for (let beats = random.below(8); beats > 0; beats--) {
          atMs += minuteMs;
          add("beat");
        }
        pass(minuteMs);
        if (random.chance(0.7)) add("end-handling");
        break;
      case "commitment":
        add(random.chance(0.3) ? "promise-need-by" : "promise");
        pass(random.pick([2_000, 4 * minuteMs, 16 * minuteMs]));
        if (random.chance(0.8)) add("end-promise");
        break;
      case "fix":
        for (const step of ["cross", "claim", "accept", "resolve"] as const) {
          add(step);
          pass(20_000);
        }
        if (random.chance(0.5)) add(random.pick(["confirm", "reopen", "inquiry", "still-broken", "works"]));
        break;
      case "correspondence":
        for (const [index, step] of random.pick(correspondences).entries()) {
          if (index > 0) pass(random.pick([2_000, 4 * minuteMs, 16 * minuteMs]));
          add(step);
        }
        break;
      case "aftermath":
        for (const [index, step] of random.pick(aftermaths).entries()) {
          if (index > 0) later();
          add(step);
        }
        break;
      case "closing-race":
        add("resolve-case");
        atMs += confirmationMs;
        if (random.chance(0.7)) faults.push(drawDisconnection(random, atMs - 3_000));
        atMs += random.below(6_000) - 3_000;
        add(random.pick(["inquiry", "inquiry", "answer", "live-contact", "start-handling"]));
        if (random.chance(0.6)) {
          later();
          add("answer");
        }
        break;
      default:
        add(kind);
    }
  }
  return planned;
}
