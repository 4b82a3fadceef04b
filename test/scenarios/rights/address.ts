/* The address and body of a request about a case. */

/** A request contains the ids of a scene's case and the ids of one caller. */
export type RequestIds = {
  readonly timeline: string;
  readonly caseId: string;
  /** Another case of the carrier on the timeline. */
  readonly otherId: string;
  /** A change that the carrier has announced to the vendors. */
  readonly changeId: string;
  readonly line: string;
  readonly version: number;
  readonly mark: string;
  readonly until: string;
  readonly queue: string;
  readonly handoffId: string;
  readonly token: number;
  readonly dossierVersion: number;
  readonly handlingId: string;
  readonly promiseId: string;
  readonly messageId: string;
  /** A vendor that can promise and is not the caller. */
  readonly promisor: string;
  readonly vendors: readonly string[];
};

export type Request = {
  /** The operation's name in the OpenAPI document. */
  readonly operation: string;
  readonly query?: (named: RequestIds) => string;
  readonly body?: (named: RequestIds) => Record<string, unknown>;
};

/** Returns the address of a request, with the ids filled in. */
export function addressOf(
  { operation, query }: Request,
  named: RequestIds,
): { readonly method: string; readonly path: string } {
  const [method = "", template = ""] = operation.split(" ");
  const { queue, handoffId, handlingId, promiseId, messageId, caseId } = named;
  const id = template.startsWith("/v1/queues") ? handoffId : caseId;
  const values: Readonly<Record<string, string>> = { id, queue, handoffId, handlingId, promiseId, messageId };
  const path = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? "");
  return { method, path: query === undefined ? path : `${path}?${query(named)}` };
}

/**
 * The first parts of addresses without a case: lines, rosters, calendars, reports, timelines, parties. Only the carrier that owns a
 * pool reads and commands its assignments (services/routing/test/pools.test.ts).
 */
const rooms = [
  "calendars",
  "holidays",
  "lines",
  "pools",
  "rosters",
  "skills",
  "skill-uploads",
  "reports",
  "problems",
  // The announcer and the affected companies of a change (changes.test.ts).
  "changes",
  // Only the carrier of an incident reads and commands it (services/intake/test/incidents.test.ts).
  "incidents",
  "timelines",
  "parties",
  "canaries",
  "views",
  "duty",
  "operations",
  // The person, the sessions and the action log of one company.
  "me",
  "session",
  "sessions",
  "sign-in-links",
  "actions",
  // A link of the customer is the only key to these (customer-link.test.ts).
  "customer-view",
] as const;
const operationsWithoutCase: ReadonlySet<string> = new Set([
  "GET /v1/queues",
  "GET /v1/queues/open",
  "GET /v1/board",
  "GET /v1/stream",
  "PUT /v1/queues/{queue}",
  "DELETE /v1/queues/{queue}",
  "POST /v1/subscriptions",
  "GET /v1/subscriptions",
  "GET /v1/subscriptions/{id}",
  "DELETE /v1/subscriptions/{id}",
  "GET /v1/deliveries/{id}",
  "POST /v1/deliveries/{id}/redeliver",
  "POST /v1/subscriptions/{id}/secret",
  "DELETE /v1/subscriptions/{id}/secret/former",
  "GET /v1/last-resort-secret",
  "POST /v1/last-resort-secret",
  "DELETE /v1/last-resort-secret/former",
]);

/**
 * Operations with the right of another operation, which a test of their own checks for each role. An attached file has the readers of
 * its entry (services/intake/test/mail-attachments.test.ts). A draft has the right of a message (unanswered.test.ts).
 * A list of promises has the readers of the cases (console-lists.test.ts).
 */
export const operationsOfEntries: ReadonlySet<string> = new Set([
  "GET /v1/cases/{id}/attachments/{attachmentId}",
  "GET /v1/cases/{id}/messages/draft",
  "GET /v1/promises",
]);

/**
 * Returns whether an operation names no case, hand-off, handling or promise. The right to such an operation follows
 * from the company's key, not from its role in a case.
 */
export function isAboutNoCase(operation: string): boolean {
  const [, path = ""] = operation.split(" ");
  const [, version, room = ""] = path.split("/");
  return operationsWithoutCase.has(operation) || version !== "v1" || (rooms as readonly string[]).includes(room);
}
