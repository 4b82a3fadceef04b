import type { CommandDeps } from "../commands/change-case.ts";
import type { AllowCallers } from "./allow-callers.ts";

/** Routes get the deps of the commands, a gate for their callers, and a record of which queues are read. */
export type RouteDeps = CommandDeps & {
  readonly allow: AllowCallers;
  readonly internalKey: string;
  /** Notes, in memory, that a vendor has read this queue. */
  readonly onQueueRead: (queue: string) => void;
};
