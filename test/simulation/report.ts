import { shorten } from "./shrink.ts";
import type { Story } from "./story.ts";
import { play } from "./play.ts";
import type { SystemVariant } from "./world.ts";

/** Reports a failed seed: the invariant, the shortest story, and the command that plays the seed. */
export function report(story: Story, variant: SystemVariant = {}): string {
  const short = shorten(story, variant);
  const { violation, narrative } = play(short, variant, true);
  return [
    `seed ${story.seed}: ${violation?.message}`,
    `  shortest story: ${short.commands.length} of ${story.commands.length} commands, ${short.faults.length} of ${story.faults.length} faults`,
    ...narrative.map((row) => `  ${row}`),
    `  play it: node test/simulation/run.ts --seed ${story.seed}`,
  ].join("\n");
}
