import type { ChangedRow } from "../store/board-pages.ts";
import { presentRow } from "./present-row.ts";

/** The part of a company's rows that a stream sends. */
export type StreamScope = "cases" | "handoffs";

/**
 * Returns a changed row as a server-sent event (WHATWG HTML, 9.2). The id is the position, at which a client continues after a lost
 * connection. The event `gone` removes a row that the company no longer reads, or that has no open hand-off.
 */
export function toEvent(change: ChangedRow, scope: StreamScope): string {
  const isShown = !change.isGone && (scope === "cases" || change.content.handoff !== undefined);
  const name = isShown ? "row" : "gone";
  const data = isShown ? presentRow(change) : { id: change.caseId };
  return `id: ${change.position}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** Returns the event that shows that the stream is alive. */
export function heartbeat(now: string): string {
  return `event: heartbeat\ndata: ${JSON.stringify({ at: now })}\n\n`;
}
