import type { BoardPage, PresentedRow } from "@crossline/contracts";
import { vi } from "vitest";
import type { StreamMessage } from "../src/live/messages.ts";

/** Returns a row of a board. */
export function row(id: string, more: Partial<PresentedRow> = {}): PresentedRow {
  return {
    id: `cs_${id.padEnd(26, "0")}`,
    number: `NT-${id}`,
    title: `Case ${id}`,
    carrier: "northtel",
    kind: "fault",
    severity: "major",
    status: "acknowledged",
    phase: "at-carrier",
    line: "handheld@1",
    holder: "northtel",
    openedAt: "2026-03-07T14:00:00Z",
    read: { case: 1, handoff: 0, clock: 0 },
    position: 1,
    ...more,
  };
}

/** Returns the next breach of a row, in a number of seconds from now. */
export function dueIn(seconds: number, now = Date.now()): NonNullable<PresentedRow["due"]> {
  return { clock: "stall.busy", at: new Date(now + seconds * 1_000).toISOString(), charged: "northtel" };
}

/** Returns a page of a board. */
export function page(items: readonly PresentedRow[], more: Partial<BoardPage> = {}): BoardPage {
  return {
    items: [...items],
    total: items.length,
    counts: { phase: {}, severity: {}, holder: {} },
    position: 10,
    asOf: { state: "current", readUntil: "2026-03-07T09:00:00Z" },
    ...more,
  };
}

/** Replaces the shared worker of the stream. The result sends a message to the screen. */
export function stubStream(): (message: StreamMessage) => void {
  const ports: MessagePort[] = [];
  vi.stubGlobal(
    "SharedWorker",
    class {
      readonly port: MessagePort;
      constructor() {
        const { port1, port2 } = new MessageChannel();
        this.port = port1;
        ports.push(port2);
      }
    },
  );
  return (message) => {
    for (const port of ports) port.postMessage(message);
  };
}
