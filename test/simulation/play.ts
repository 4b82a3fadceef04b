import type { Races } from "./invariants/checks.ts";
import { checkEnd } from "./invariants/at-the-end.ts";
import { Violation } from "./invariants/violation.ts";
import type { Story } from "./story.ts";
import { type Built, World } from "./world.ts";

/** What became of a story: the first violation, if there was one, and what happened in it, one line each. */
export type Played = {
  readonly violation: Violation | undefined;
  readonly steps: number;
  readonly told: readonly string[];
  readonly races: Races;
  /** Records that were deleted before a service had read them. */
  readonly lost: number;
};

/** Plays a story. `narrate`: also tell what happened. */
export function play(story: Story, built: Built = {}, narrate = false): Played {
  const world = new World(story, built, narrate);
  try {
    world.run();
    checkEnd(world);
    return { violation: undefined, ...toldOf(world) };
  } catch (error) {
    const violation =
      error instanceof Violation ? error : new Violation("a decision failed", String((error as Error).stack));
    return { violation, ...toldOf(world) };
  }
}

function toldOf({ scheduler, told, checks }: World): Omit<Played, "violation"> {
  return { steps: scheduler.steps, told, races: checks.races, lost: checks.losses.count };
}
