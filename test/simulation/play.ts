import type { Races } from "./invariants/checks.ts";
import { checkEnd } from "./invariants/at-the-end.ts";
import { Violation } from "./invariants/violation.ts";
import type { Story } from "./story.ts";
import { type SystemVariant, World } from "./world.ts";

/** What became of a story: the first violation, if there was one, and what happened in it, one line each. */
export type StoryResult = {
  readonly violation: Violation | undefined;
  readonly steps: number;
  readonly narrative: readonly string[];
  readonly races: Races;
  /** Records that were deleted before a service had read them. */
  readonly lost: number;
};

/** Plays a story. `narrate`: also tell what happened. */
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
