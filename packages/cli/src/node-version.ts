import { CommandFault } from "./fault.ts";

/** Says which Node is needed where this one is too old: everywhere but on Linux the project does not bring its own. */
export function checkNode(): void {
  if (typeof globalThis.Temporal !== "undefined") return;
  throw new CommandFault(
    `Node ${process.versions.node} is too old: install Node 26 or newer (on Linux the project brings its own).`,
  );
}
