/** Node's codes of a connection that could not be made or was lost. */
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
 * SQLSTATEs that say "not now": connection faults (08), operator intervention such as a restart (57P), resources such as
 * a full disk or too many connections (53), and by name: serialization failure, deadlock, lock not available, statement
 * timeout, idle in transaction, transaction timeout, read only (a standby that is being promoted).
 */
const passing = /^(?:08...|57P..|53...|40001|40P01|55P03|57014|25P03|25P04|25006)$/;

/** pg's own errors, which have no code. */
const unreachable =
  /^(?:Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed|Query read timeout|The server does not respond)/;

/**
 * True where the same work may succeed a moment later and nobody did wrong: the connection was lost or refused, the
 * server restarts, a lock or a resource was not to be had. Looks through `cause` and the errors of an AggregateError.
 * After a lost connection during `commit` it is unknown whether the transaction took effect.
 */
export function isTransient(error: unknown): boolean {
  for (let fault: unknown = error, depth = 0; fault instanceof Error && depth < 8; fault = fault.cause, depth++) {
    if (fault instanceof AggregateError && fault.errors.some(isTransient)) return true;
    const code = codeOf(fault);
    if (code === undefined ? unreachable.test(fault.message) : lost.has(code) || passing.test(code)) return true;
  }
  return false;
}

/** The statement's own error, after which the connection is still good. */
export function isStatementFault(error: unknown): boolean {
  return error instanceof Error && "severity" in error && error.severity === "ERROR";
}

function codeOf(error: Error): string | undefined {
  return "code" in error && typeof error.code === "string" ? error.code : undefined;
}
