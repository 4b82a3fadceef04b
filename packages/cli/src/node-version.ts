import { CommandFault } from "./fault.ts";

/** Throws a CommandFault with the required version if this Node is too old. Only on Linux the project brings its own Node. */
export function checkNode(): void {
  if (typeof globalThis.Temporal !== "undefined") return;
  throw new CommandFault(
    `Node ${process.versions.node} is too old: install Node 26 or newer (on Linux the project brings its own).`,
  );
}
