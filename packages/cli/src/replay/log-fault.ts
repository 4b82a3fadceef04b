import { CommandFault } from "../fault.ts";

/** A fault of a log file. The message of the fault is one sentence with the reason. */
export class LogFault extends CommandFault {
  override readonly name = "LogFault";
}
