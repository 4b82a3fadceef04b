import { pino } from "pino";
import type { DestinationStream, Logger } from "pino";

export type Log = Logger;

/** Names under which personal data and keys lie. Whatever has one of them is blotted out, at any depth of a line. */
const hidden = new Set(
  ["subject", "engineer", "authorization", "cookie", "password", "token", "key", "hash", "databaseUrl"].flatMap(
    (name) => [name, name.toLowerCase()],
  ),
);
const deepest = 8;

/**
 * JSON lines on standard output: constant messages and fields, never payloads. `level` is a pino level or `silent`.
 * Fields are blotted out in lines, not in what `child` binds. Writing is synchronous, so that the last line of a dying process is there.
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
    formatters: {
      level: (label: string) => ({ level: label }),
      // pino's `redact` knows paths only, three levels took ten, and it cost a tenth of a request for the child logger alone.
      log: (line: Record<string, unknown>) => redact(line) as Record<string, unknown>,
    },
    serializers: { err: describeError },
  };
  return pino(options, destination);
}

/** A copy without what is hidden. Instances of classes pass: errors have their own description, others their `toJSON`. */
function redact(value: unknown, depth = 0): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (depth > deepest) return "[too deep]";
  if (Array.isArray(value)) return value.map((one) => redact(one, depth + 1));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  const shown: Record<string, unknown> = {};
  for (const [name, inner] of Object.entries(value)) {
    shown[name] = hidden.has(name) ? "[hidden]" : redact(inner, depth + 1);
  }
  return shown;
}

const deepestCause = 5;

/**
 * What a log line says of an error: type, message, code, stack and causes, and nothing else that hangs on it. (An error of
 * PostgreSQL carries the row that offended in `detail`, one of an HTTP client the request.)
 */
export function describeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return { message: String(error) };
  const isDeepest = depth >= deepestCause;
  const describeNext = (next: unknown): unknown => describeError(next, depth + 1);
  return {
    type: error.name,
    message: error instanceof SyntaxError ? "a text that could not be parsed" : error.message, // It quotes the text.
    ...("code" in error && typeof error.code === "string" && { code: error.code }),
    stack: framesOf(error),
    ...(error.cause !== undefined && !isDeepest && { cause: describeNext(error.cause) }),
    ...(error instanceof AggregateError && !isDeepest && { errors: error.errors.slice(0, 3).map(describeNext) }),
  };
}

/** Where it was thrown. Node's stack begins with the message as it was when the error was made: also where it was mended since. */
function framesOf(error: Error): string | undefined {
  return error.stack
    ?.split("\n")
    .filter((line) => /^\s+at /.test(line))
    .join("\n");
}
