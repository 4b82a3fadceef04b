import type { Story } from "./story.ts";
import { play } from "./play.ts";
import type { SystemVariant } from "./world.ts";

const triesMax = 2_000;

/**
 * Returns a shorter story that breaks the same invariant. The function removes faults and commands, makes all awaits equally long,
 * and shortens the end. The function stops when any further removal would make the violation disappear.
 */
export function shorten(story: Story, variant: SystemVariant): Story {
  const { violation } = play(story, variant);
  if (violation === undefined) return story;
  let tries = 0;
  const fails = (candidate: Story): boolean =>
    tries++ < triesMax && play(candidate, variant).violation?.invariant === violation.invariant;
  let shortest = story;
  for (let before: Story | undefined; before !== shortest;) {
    before = shortest;
    shortest = without(shortest, "faults", fails);
    shortest = without(shortest, "commands", fails);
    for (const simpler of [
      { ...shortest, isJittered: false },
      ...[0, 60_000, 600_000].filter((ms) => ms < shortest.calmMs).map((calmMs) => ({ ...shortest, calmMs })),
    ]) {
      if (JSON.stringify(simpler) !== JSON.stringify(shortest) && fails(simpler)) shortest = simpler;
    }
  }
  return shortest;
}

/** Removes halves of a list, then quarters, then single items, as long as the story still fails. */
function without(story: Story, part: "faults" | "commands", fails: (story: Story) => boolean): Story {
  let shortest = story;
  for (let size = Math.ceil(story[part].length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < shortest[part].length;) {
      const list: readonly unknown[] = shortest[part];
      const candidate = { ...shortest, [part]: [...list.slice(0, from), ...list.slice(from + size)] };
      if (fails(candidate)) shortest = candidate;
      else from += size;
    }
  }
  return shortest;
}
