import { CommandFault } from "../fault.ts";

/** A log file that cannot be used, and why, in one sentence. */
export class LogFault extends CommandFault {
  override readonly name = "LogFault";
}
