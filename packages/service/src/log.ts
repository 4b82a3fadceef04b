import { pino } from "pino";
import type { DestinationStream, Logger } from "pino";

/** A log, or a child log that adds fields to each of its messages. */
export type Log = Logger;

/**
 * The names of fields with personal data or keys. The log hides the values of these fields at any depth of a message.
 */
const hidden = new Set(
  ["subject", "engineer", "authorization", "cookie", "password", "token", "key", "hash", "databaseUrl"].flatMap(
    (name) => [name, name.toLowerCase()],
  ),
);
const deepest = 8;

/**
 * Creates a log that writes JSON to standard output, one row per message. Messages are constant, and fields are never payloads.
 * `level` is a pino level or `silent`. The log hides the values of secret fields in messages, but not in fields that `child`
 * binds. The log writes synchronously, so that the last message of a process that crashes is not lost.
 */
export function createLogger(
  name: string,
  level: string,
  // By default pino writes in the background. In the background mode, the last messages of a process came before
  // earlier messages.
  destination: DestinationStream = pino.destination({ fd: 1, sync: true }),
): Log {
  const options = {
    name,
    level,
    timestamp: pino.stdTimeFunctions.isoTime,
    base: { pid: process.pid },
    formatters: {
      level: (label: string) => ({ level: label }),
      // pino's `redact` accepts only paths. For three levels of fields `redact` needed ten paths, and the creation of a
      // child logger took a tenth of a request's time.
      log: (line: Record<string, unknown>) => redact(line) as Record<string, unknown>,
    },
    serializers: { err: describeError },
  };
  return pino(options, destination);
}

/**
 * Returns a copy with hidden fields replaced. Instances of classes stay unchanged: errors have their serializer, and other
 * instances have their `toJSON`.
 */
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
 * Returns the fields of an error for the log: type, message, code, stack and causes. The function omits the remaining
 * fields of the error. An error of PostgreSQL has the offending row in `detail`, and an error of an HTTP client has the
 * request.
 */
export function describeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return { message: String(error) };
  const isDeepest = depth >= deepestCause;
  const describeNext = (next: unknown): unknown => describeError(next, depth + 1);
  return {
    type: error.name,
    // The message of a SyntaxError quotes the text.
    message: error instanceof SyntaxError ? "a text that could not be parsed" : error.message,
    ...("code" in error && typeof error.code === "string" && { code: error.code }),
    stack: framesOf(error),
    ...(error.cause !== undefined && !isDeepest && { cause: describeNext(error.cause) }),
    ...(error instanceof AggregateError && !isDeepest && { errors: error.errors.slice(0, 3).map(describeNext) }),
  };
}

/**
 * Returns the frames of the stack. Node's stack also contains the first message of the error, and code may have
 * replaced this message later.
 */
function framesOf(error: Error): string | undefined {
  return error.stack
    ?.split("\n")
    .filter((line) => /^\s+at /.test(line))
    .join("\n");
}
