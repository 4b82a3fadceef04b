import { parentPort, workerData } from "node:worker_threads";
import { type SeedRange, type SeedResults, noCounts } from "./many.ts";
import { storyOf } from "./story.ts";
import { play } from "./play.ts";

const { first, last, every } = workerData as SeedRange;
const results: SeedResults = { failed: [], counts: { ...noCounts } };
for (let seed = first; seed <= last && results.failed.length < 3; seed += every) {
  const { violation, steps, races } = play(storyOf(seed));
  results.counts.awaits += steps;
  for (const race of ["inquiry", "answer", "closed"] as const) results.counts[race] += races[race].size;
  if (violation !== undefined) results.failed.push(seed);
}
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- the port of a thread has no origin
parentPort?.postMessage(results);
