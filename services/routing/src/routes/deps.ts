import type { CommandDeps } from "../commands/change-case.ts";
import type { Gate } from "./gate.ts";

/** Routes get the deps of the commands, a gate for their callers, and a record of which queues are read. */
export type RouteDeps = CommandDeps & {
  readonly gate: Gate;
  readonly internalKey: string;
  /** Notes, in memory, that a vendor has read this queue. */
  readonly noteRead: (queue: string) => void;
};
