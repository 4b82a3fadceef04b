import type { Wakeup } from "../wakeup.ts";
import {
  type TransactionRunnerOptions,
  type TransactionRunner,
  createTransactionRunner,
} from "./transaction-runner.ts";
import { type Portion, createPortion } from "./portion.ts";
import { type WaitingSchedule, createWaitingSchedule } from "./waiting-schedule.ts";

export type LoopContextOptions = TransactionRunnerOptions & {
  readonly wakeup: Wakeup;
  /** See `Consumer.caughtUp`. */
  readonly isCaughtUp: (partition: number) => boolean;
};

/** All that the steps of a consumer share. */
export type LoopContext = LoopContextOptions & {
  readonly runner: TransactionRunner;
  readonly portion: Portion;
  readonly waiting: WaitingSchedule;
};

const recordsMax = 2_000;

export function createLoopContext(options: LoopContextOptions): LoopContext {
  const runner = createTransactionRunner(options);
  return { ...options, runner, portion: createPortion(recordsMax), waiting: createWaitingSchedule() };
}
