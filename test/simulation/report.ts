import { shorten } from "./shrink.ts";
import type { Story } from "./story.ts";
import { play } from "./play.ts";
import type { SystemVariant } from "./world.ts";

/** What a person reads of a seed that failed: which invariant, the shortest story found, and how to play it alone. */
export function report(story: Story, variant: SystemVariant = {}): string {
  const short = shorten(story, variant);
  const { violation, narrative } = play(short, variant, true);
  return [
    `seed ${story.seed}: ${violation?.message}`,
    `  the shortest story found: ${short.commands.length} commands and ${short.faults.length} faults (of ${story.commands.length} and ${story.faults.length})`,
    ...narrative.map((line) => `  ${line}`),
    `  alone: node test/simulation/run.ts --seed ${story.seed}`,
  ].join("\n");
}
