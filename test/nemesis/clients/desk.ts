import { setTimeout as delay } from "node:timers/promises";
import type { SeenRecord } from "../history.ts";
import type { SendCommand, CommandOutcome } from "./sender.ts";

const confirmTriesMax = 60;

type Options = {
  readonly vendor: string;
  readonly send: SendCommand;
  readonly carrier: SendCommand;
  /** Returns the live handling of a case, as the carrier reads it. */
  readonly handlingOf: (caseId: string) => Promise<string | undefined>;
};

export type Desk = {
  /** Receives a record of the vendor's queue. */
  readonly receive: (record: SeenRecord) => void;
  readonly running: () => number;
  readonly idle: () => Promise<void>;
};

/**
 * Returns a vendor's desk. The desk accepts and solves every offer that its own consumer reads. The carrier then confirms the
 * fix.
 */
export function createDesk({ vendor, send, carrier, handlingOf }: Options): Desk {
  const received = new Set<string>();
  const running = new Set<Promise<void>>();

  async function solve(caseId: string, handoffId: string): Promise<void> {
    const path = (command: string): string => `/v1/queues/${vendor}.desk/handoffs/${handoffId}/${command}`;
    const of = { caseId, handoffId };
    const claim = await send({ op: "claim", ...of, path: path("claim"), body: {} });
    if (claim.status !== 200) return;
    const { token } = claim.body;
    const accepted = await send({
      op: "accept",
      ...of,
      path: path("accept"),
      body: {
        token,
        engineer: { name: "Ada Lovett", contact: "ada@orchard.example" },
        vendorCaseId: `V-${handoffId.slice(-8)}`,
        nextStep: "Check the free memory",
        eta: new Date(Date.now() + 600_000).toISOString(),
        readBack: { problem: "No signal", tried: "nothing yet" },
        dossierVersion: versionIn(claim),
      },
    });
    if (accepted.status !== 200) return;
    await hangUp(caseId);
    await delay(1_000);
    const cured = await send({ op: "resolve", ...of, path: path("resolve"), body: { token, fixCode: "memory-full" } });
    if (cured.status === 200) await confirm(caseId);
  }

  /** Ends the handling of the carrier's rep after the vendor's acceptance. */
  async function hangUp(caseId: string): Promise<void> {
    const handlingId = await handlingOf(caseId).catch(() => undefined);
    if (handlingId === undefined) return;
    await carrier({ op: "end", caseId, path: `/v1/cases/${caseId}/handlings/${handlingId}/end`, body: {} });
  }

  /** Repeats the confirmation, which intake refuses until it has read the resolution. */
  async function confirm(caseId: string): Promise<void> {
    for (let attempt = 0; attempt < confirmTriesMax; attempt++) {
      await delay(500);
      const outcome = await carrier({ op: "confirm", caseId, path: `/v1/cases/${caseId}/confirm`, body: {} });
      if (outcome.status !== 409) return;
    }
  }

  return {
    receive({ type, key, data }) {
      const { handoffId } = data;
      if (type !== "queue.offered" || typeof handoffId !== "string" || received.has(handoffId)) return;
      received.add(handoffId);
      const solving: Promise<void> = solve(key, handoffId).finally(() => running.delete(solving));
      running.add(solving);
    },
    running: () => running.size,
    idle: async () => {
      while (running.size > 0) await Promise.all(running);
    },
  };
}

function versionIn({ body }: CommandOutcome): unknown {
  return (body["brief"] as { case?: { version?: unknown } } | undefined)?.case?.version;
}
