import { join } from "node:path";
import type { FindingKind } from "../checker/findings.ts";
import type { Fault } from "../plan.ts";

/** A system that is broken on purpose, and the faults under which it must show. */
export type Mutant = {
  readonly name: string;
  /** What is wrong with it. */
  readonly wrong: string;
  readonly drill: readonly (readonly Fault[])[];
  /** The checker must find at least one of these. */
  readonly convictedOf: readonly FindingKind[];
  /** No clock fires wrongly, so that the auditor has nothing to say. */
  readonly isSilentToAuditor?: true;
};

const bothTimers: readonly Fault[] = [
  { kind: "kill", service: "timer", replica: 0 },
  { kind: "kill", service: "timer", replica: 1 },
];
/** A slow network makes the moments long in which a crash hurts. */
const slowly: Fault = { kind: "network", how: "delay", of: "postgres", service: "timer", replica: "all" };
/** What intake tells takes long, so that the timer fires without it. */
const untold: Fault = { kind: "network", how: "delay", of: "kafka", service: "intake", replica: "all" };

/** Too short for the group to notice: the timer's partitions stay where they are. */
const trimTimer: Fault = { kind: "trim", service: "timer", frozenMs: 2_000 };
/** Long enough for some offers, whose cures come after it. */
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
    wrong: "a consumer applies what it has applied before",
    drill: [[{ kind: "duplicates" }], [{ kind: "out-of-order" }]],
    convictedOf: ["doubled-firing", "lost-firing", "wrong-firing", "contradiction"],
  },
  {
    name: "offset-first",
    wrong: "a consumer commits its position before the effects",
    drill: [
      [slowly, ...bothTimers],
      [slowly, ...bothTimers],
      [slowly, ...bothTimers],
      [slowly, ...bothTimers],
    ],
    convictedOf: ["lost-firing"],
  },
  {
    name: "armed-in-memory",
    wrong: "a timer knows only what was armed while it had the partition",
    drill: [bothTimers, bothTimers],
    convictedOf: ["lost-firing"],
  },
  {
    name: "closing-unasked",
    wrong: "intake closes a case whatever the customer has asked meanwhile",
    drill: [[untold], [untold], [untold], [untold]],
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
    wrong: "a record waits for ever for a cause that was deleted",
    drill: [[trimIntake]],
    convictedOf: ["holder-times"],
    isSilentToAuditor: true,
  },
];

/** The mutant's change to the sources, as `git apply` takes it. */
export function patchOf({ name }: Pick<Mutant, "name">): string {
  return join(import.meta.dirname, `${name}.patch`);
}
