import type { Instant } from "@crossline/contracts";
import type { Broker, FetchedRecord } from "./broker.ts";
import type { Mutant } from "./mutants.ts";
import type { Scheduler } from "./scheduler.ts";
import type { Tx } from "./store.ts";

export type ServiceName = "intake" | "timer" | "routing";

/** The shell of a service, which loads a state, calls a rule and saves the decision. */
export type Shell<State> = {
  readonly name: ServiceName;
  readonly reads: readonly string[];
  readonly apply: (tx: Tx<State>, record: FetchedRecord, now: Instant) => void;
  /** Fires the thresholds of a partition that are due before `now`. */
  readonly fire?: (tx: Tx<State>, partition: number, now: Instant) => void;
};

/** The parts of the simulation that each service uses. */
export type ServiceDeps = {
  readonly scheduler: Scheduler;
  readonly broker: Broker;
  readonly mutant: Mutant | undefined;
  /** The duration of the next await in milliseconds. */
  readonly latency: () => number;
  /** Receives the applied records after the commit. */
  readonly onApplied: (service: ServiceName, records: readonly FetchedRecord[]) => void;
  readonly onGap: (service: ServiceName, record: FetchedRecord, missing: number) => void;
  /** Receives records that were deleted before the service read them. */
  readonly onLost: (service: ServiceName, records: readonly FetchedRecord[]) => void;
  /** Returns whether the service has lost the opening of the case. */
  readonly isUnopened: (service: ServiceName, caseId: string) => boolean;
};
