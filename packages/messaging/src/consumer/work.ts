import type { Bell } from "../bell.ts";
import { type AttemptOptions, type Attempts, createAttempts } from "./attempt.ts";
import { type Portion, createPortion } from "./portion.ts";
import { type Waiting, createWaiting } from "./waiting.ts";

export type WorkOptions = AttemptOptions & {
  readonly bell: Bell;
  /** See `Consumer.caughtUp`. */
  readonly isCaughtUp: (partition: number) => boolean;
};

/** All that the steps of a consumer share. */
export type Work = WorkOptions & { readonly attempts: Attempts; readonly portion: Portion; readonly waiting: Waiting };

const recordsMax = 2_000;

export function createWork(options: WorkOptions): Work {
  const attempts = createAttempts(options);
  return { ...options, attempts, portion: createPortion(recordsMax), waiting: createWaiting() };
}
