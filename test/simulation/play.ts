import type { Races } from "./invariants/checks.ts";
import { checkEnd } from "./invariants/at-the-end.ts";
import { Violation } from "./invariants/violation.ts";
import type { Story } from "./story.ts";
import { type SystemVariant, World } from "./world.ts";

/** The result of a story: the first violation, the counts, and a narrative that has one row for each event. */
export type StoryResult = {
  readonly violation: Violation | undefined;
  readonly steps: number;
  readonly narrative: readonly string[];
  readonly races: Races;
  /** The number of records that were deleted before a service read them. */
  readonly lost: number;
};

/** Plays a story. The result contains the narrative if `narrate` is true. */
export function play(story: Story, variant: SystemVariant = {}, narrate = false): StoryResult {
  const world = new World(story, variant, narrate);
  try {
    world.run();
    checkEnd(world);
    return { violation: undefined, ...resultOf(world) };
  } catch (error) {
    const violation =
      error instanceof Violation ? error : new Violation("a decision failed", String((error as Error).stack));
    return { violation, ...resultOf(world) };
  }
}

function resultOf({ scheduler, narrative, checks }: World): Omit<StoryResult, "violation"> {
  return { steps: scheduler.steps, narrative, races: checks.races, lost: checks.losses.count };
}
