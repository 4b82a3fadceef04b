import { CommandFault } from "./fault.ts";

/** Throws a CommandFault with the required version if this Node is too old. The project includes its own Node only on Linux. */
export function checkNode(): void {
  if (typeof globalThis.Temporal !== "undefined") return;
  throw new CommandFault(
    `Node ${process.versions.node} is too old: install Node 26 or newer (on Linux the project includes its own).`,
  );
}
