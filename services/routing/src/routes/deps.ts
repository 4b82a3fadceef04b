import type { CommandDeps } from "../commands/change-case.ts";
import type { AllowCallers } from "./allow-callers.ts";

/** The dependencies of the routes. */
export type RouteDeps = CommandDeps & {
  readonly allow: AllowCallers;
  readonly internalKey: string;
  /** Stores in memory that a vendor has read the queue. */
  readonly onQueueRead: (queue: string) => void;
};
