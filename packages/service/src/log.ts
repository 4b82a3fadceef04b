import { pino } from "pino";
import type { DestinationStream, Logger } from "pino";

export type Log = Logger;

/** Names under which personal data and keys lie. Whatever has one of them is blotted out, down to the third level of a line. */
const hidden = ["subject", "authorization", "password", "key", "token", "hash", "cookie", "engineer", "databaseUrl"];
const levels = ["", "*.", "*.*."];

/**
 * JSON lines on standard output: constant messages and fields, never payloads. `level` is a pino level or `silent`.
 * Writing is synchronous, so that the last line of a dying process is there.
 */
export function createLogger(
  name: string,
  level: string,
  // pino's own default writes in the background, and at exit overtakes what is still on its way.
  destination: DestinationStream = pino.destination({ fd: 1, sync: true }),
): Log {
  const options = {
    name,
    level,
    timestamp: pino.stdTimeFunctions.isoTime,
    base: { pid: process.pid },
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: levels.flatMap((prefix) => hidden.map((word) => prefix + word)), censor: "[hidden]" },
    serializers: { err: describeError },
  };
  return pino(options, destination);
}

const deepestCause = 5;

/**
 * What a log line says of an error: type, message, code, stack and causes, and nothing else that hangs on it. (An error of
 * PostgreSQL carries the row that offended in `detail`, one of an HTTP client the request.)
 */
export function describeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return { message: String(error) };
  const code = "code" in error && typeof error.code === "string" ? { code: error.code } : {};
  const cause =
    error.cause === undefined || depth >= deepestCause ? {} : { cause: describeError(error.cause, depth + 1) };
  const errors =
    error instanceof AggregateError && depth < deepestCause
      ? { errors: error.errors.slice(0, 3).map((one) => describeError(one, depth + 1)) }
      : {};
  return { type: error.name, message: error.message, ...code, stack: error.stack, ...cause, ...errors };
}
