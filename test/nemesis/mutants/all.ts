import { join } from "node:path";
import type { FindingKind } from "../checker/findings.ts";
import type { Fault } from "../plan.ts";

/** A deliberately broken system, and the faults that must reveal it. */
export type Mutant = {
  readonly name: string;
  /** The error of the mutant. */
  readonly wrong: string;
  readonly drill: readonly (readonly Fault[])[];
  /** The checker must have at least one of these findings. */
  readonly convictedOf: readonly FindingKind[];
  /** No clock fires wrongly, so the auditor has no finding. */
  readonly isSilentToAuditor?: true;
};

const bothTimers: readonly Fault[] = [
  { kind: "kill", service: "timer", replica: 0 },
  { kind: "kill", service: "timer", replica: 1 },
];
/** A slow network extends the periods in which a crash does damage. */
const slowPostgres: Fault = { kind: "network", how: "delay", of: "postgres", service: "timer", replica: "all" };
/** The events of intake arrive so late that the timer fires before it reads them. */
const delayedEvents: Fault = { kind: "network", how: "delay", of: "kafka", service: "intake", replica: "all" };

/** The group does not notice a freeze of 2 s, so the timer keeps its partitions. */
const trimTimer: Fault = { kind: "trim", service: "timer", frozenMs: 2_000 };
/** During a freeze of 8 s, some cases are offered. Their resolutions follow after the trim. */
const trimIntake: Fault = { kind: "trim", service: "intake", frozenMs: 8_000 };

export const mutants: readonly Mutant[] = [
  {
    name: "outbox-deleted-first",
    wrong: "the relay deletes rows of the outbox before the broker has them",
    drill: [[{ kind: "broker-kill" }], bothTimers],
    convictedOf: ["lost-command", "order"],
  },
  {
    name: "inbox-unchecked",
    wrong: "a consumer applies duplicates",
    drill: [[{ kind: "duplicates" }], [{ kind: "out-of-order" }]],
    convictedOf: ["doubled-firing", "lost-firing", "wrong-firing", "contradiction"],
  },
  {
    name: "offset-first",
    wrong: "a consumer commits its position before the effects",
    drill: [
      [slowPostgres, ...bothTimers],
      [slowPostgres, ...bothTimers],
      [slowPostgres, ...bothTimers],
      [slowPostgres, ...bothTimers],
    ],
    convictedOf: ["lost-firing"],
  },
  {
    name: "armed-in-memory",
    wrong: "a timer knows only the clocks that it armed while it owned the partition",
    drill: [bothTimers, bothTimers],
    convictedOf: ["lost-firing"],
  },
  {
    name: "closing-unasked",
    wrong: "intake closes a case although the customer has an open inquiry",
    drill: [[delayedEvents], [delayedEvents], [delayedEvents], [delayedEvents]],
    convictedOf: ["wrong-closing"],
    isSilentToAuditor: true,
  },
  {
    name: "loss-unnoticed",
    wrong: "a partition whose next record was deleted waits for another one",
    drill: [[trimTimer]],
    convictedOf: ["late-firing"],
  },
  {
    name: "cause-awaited",
    wrong: "a record waits forever for a cause that was deleted",
    drill: [[trimIntake]],
    convictedOf: ["holder-times"],
    isSilentToAuditor: true,
  },
];

/** Returns the path of the mutant's patch, for `git apply`. */
export function patchOf({ name }: Pick<Mutant, "name">): string {
  return join(import.meta.dirname, `${name}.patch`);
}
