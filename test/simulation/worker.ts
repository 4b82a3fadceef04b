import { parentPort, workerData } from "node:worker_threads";
import type { Share, Shared } from "./many.ts";
import { storyOf } from "./story.ts";
import { play } from "./world.ts";

const { first, last, every } = workerData as Share;
const shared: Shared = { failed: [], awaits: 0 };
for (let seed = first; seed <= last && shared.failed.length < 3; seed += every) {
  const { violation, steps } = play(storyOf(seed));
  shared.awaits += steps;
  if (violation !== undefined) shared.failed.push(seed);
}
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port has no origin
parentPort?.postMessage(shared);
