import type { Instant } from "@crossline/contracts";
import type { Broker, FetchedRecord } from "./broker.ts";
import type { Mutant } from "./mutants.ts";
import type { Scheduler } from "./scheduler.ts";
import type { Tx } from "./store.ts";

export type ServiceName = "intake" | "timer" | "routing";

/** What a service does with a fact, and with time: its rules between load and save. */
export type Shell<State> = {
  readonly name: ServiceName;
  readonly reads: readonly string[];
  readonly apply: (tx: Tx<State>, record: FetchedRecord, now: Instant) => void;
  /** Fires what is due before `now` in a partition. */
  readonly fire?: (tx: Tx<State>, partition: number, now: Instant) => void;
};

/** What the simulation as a whole lends to each service. */
export type ServiceDeps = {
  readonly scheduler: Scheduler;
  readonly broker: Broker;
  readonly mutant: Mutant | undefined;
  /** How long the next await takes. */
  readonly latency: () => number;
  /** Told after the commit of what took effect. */
  readonly onApplied: (service: ServiceName, records: readonly FetchedRecord[]) => void;
  readonly onGap: (service: ServiceName, record: FetchedRecord, missing: number) => void;
  /** Told of records that were deleted before the service had read them. */
  readonly onLost: (service: ServiceName, records: readonly FetchedRecord[]) => void;
  /** The service can know nothing of this case, since its opening is lost to it. */
  readonly isUnopened: (service: ServiceName, caseId: string) => boolean;
};
