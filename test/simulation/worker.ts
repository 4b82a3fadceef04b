import { parentPort, workerData } from "node:worker_threads";
import { type SeedRange, type SeedResults, noCounts } from "./many.ts";
import { storyOf } from "./story.ts";
import { play } from "./play.ts";

const { first, last, every } = workerData as SeedRange;
const shared: SeedResults = { failed: [], counts: { ...noCounts } };
for (let seed = first; seed <= last && shared.failed.length < 3; seed += every) {
  const { violation, steps, races } = play(storyOf(seed));
  shared.counts.awaits += steps;
  for (const race of ["inquiry", "answer", "closed"] as const) shared.counts[race] += races[race].size;
  if (violation !== undefined) shared.failed.push(seed);
}
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port has no origin
parentPort?.postMessage(shared);
