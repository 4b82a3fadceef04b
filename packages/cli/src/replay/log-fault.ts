/** A log file that cannot be used, and why, in one sentence. */
export class LogFault extends Error {
  override readonly name = "LogFault";
}
