import type { Wakeup } from "../wakeup.ts";
import {
  type TransactionRunnerOptions,
  type TransactionRunner,
  createTransactionRunner,
} from "./transaction-runner.ts";
import { type Portion, createPortion } from "./portion.ts";
import { type WaitingSchedule, createWaitingSchedule } from "./waiting-schedule.ts";

/** The options of `createLoopContext`. */
export type LoopContextOptions = TransactionRunnerOptions & {
  readonly wakeup: Wakeup;
  /** See `Consumer.caughtUp`. */
  readonly isCaughtUp: (partition: number) => boolean;
  /** The interval of the checks for requested retries, in milliseconds. Default: 1,000. */
  readonly pollMs?: number | undefined;
};

/** The state that the steps of the consumer loop share. */
export type LoopContext = LoopContextOptions & {
  readonly runner: TransactionRunner;
  readonly portion: Portion;
  readonly waiting: WaitingSchedule;
};

const recordsMax = 2_000;

/** Creates the state of one consumer loop. */
export function createLoopContext(options: LoopContextOptions): LoopContext {
  const runner = createTransactionRunner(options);
  return { ...options, runner, portion: createPortion(recordsMax), waiting: createWaitingSchedule(options.pollMs) };
}
