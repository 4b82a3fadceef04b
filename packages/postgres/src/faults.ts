/** Node's codes for a connection that failed or was lost. */
const lost = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ECONNABORTED",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
]);

/**
 * SQLSTATEs of transient faults. The classes are connection faults (08), operator intervention such as a restart
 * (57P), and missing resources such as a full disk (53). The single codes mean serialization failure, deadlock, lock
 * not available, statement timeout, idle in transaction, transaction timeout, and read only (a standby during its
 * promotion).
 */
const transient = /^(?:08...|57P..|53...|40001|40P01|55P03|57014|25P03|25P04|25006)$/;

/** pg's own errors, which have no code. */
const unreachable =
  /^(?:Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed|Query read timeout|The server does not respond)/;

/**
 * Returns true if a retry can succeed without a change: the connection failed, the server restarts, or a lock or
 * resource was unavailable. The function checks the error, its `cause`, and the errors of an AggregateError. If the
 * connection was lost during `commit`, it is unknown whether Postgres committed the transaction.
 */
export function isTransient(error: unknown): boolean {
  for (let fault: unknown = error, depth = 0; fault instanceof Error && depth < 8; fault = fault.cause, depth++) {
    if (fault instanceof AggregateError && fault.errors.some(isTransient)) return true;
    const code = codeOf(fault);
    if (code === undefined ? unreachable.test(fault.message) : lost.has(code) || transient.test(code)) return true;
  }
  return false;
}

/** Returns true for an error of the statement itself, after which the connection stays usable. */
export function isStatementFault(error: unknown): boolean {
  return error instanceof Error && "severity" in error && error.severity === "ERROR";
}

/** Returns true for the error of a statement that Postgres refused because an earlier statement of its transaction had failed. */
export function isAborted(error: unknown): boolean {
  return error instanceof Error && codeOf(error) === "25P02";
}

function codeOf(error: Error): string | undefined {
  return "code" in error && typeof error.code === "string" ? error.code : undefined;
}
