import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { queueTopic } from "@crossline/contracts";
import { type Client, type DeskRecord, openDesk } from "@crossline/cli";
import { waitFor } from "@crossline/testing";

/** The result of a round, as external clients see it. */
export type Verdict = {
  /** Cases that intake accepted with a 201, but that cannot be read or never reached the vendor. */
  readonly lost: readonly string[];
  /** Cases that the vendor received as an offer more than once. */
  readonly doubled: readonly string[];
  readonly accepted: number;
};

/** The clients of a round and their addresses. */
export type RoundOptions = {
  readonly url: string;
  readonly carrierKey: string;
  readonly carrier: Client;
  readonly vendorName: string;
  readonly brokers: readonly string[];
  readonly line: string;
  /** The interval between the openings. */
  readonly everyMs: number;
};

/**
 * Runs a carrier's CRM, which opens several cases a second with a live handling, and a vendor's own consumer. The CRM
 * repeats requests without a response under the same idempotency key. Every case that intake accepted with a 201 must cross once.
 */
export async function runRound(options: RoundOptions, cases: number, fault: () => Promise<void>): Promise<Verdict> {
  const { carrier, vendorName, brokers, everyMs } = options;
  const offered = new Map<string, Set<string>>();
  const desk = await openDesk(
    { brokers, vendor: vendorName },
    [queueTopic(vendorName, "wall")],
    ({ caseId, id, type }: DeskRecord) => {
      if (type === "crossline.queue.offered.v1") offered.set(caseId, (offered.get(caseId) ?? new Set()).add(id));
    },
  );
  const accepted = new Map<string, string>();
  const faulting = delay(1_000).then(fault);
  for (let index = 0; index < cases; index++) {
    const carrierCaseId = `F-${randomUUID()}`;
    accepted.set(await openCase(options, carrierCaseId), carrierCaseId);
    await delay(everyMs);
  }
  await faulting;
  const missing = () => [...accepted.keys()].filter((id) => !offered.has(id));
  await waitFor(() => missing().length === 0, {
    timeoutMs: 60_000,
    pollMs: 100,
    what: "every accepted case at the vendor",
  }).catch(
    () => {}, // The check of the result names the missing cases.
  );
  await desk.close();
  const unreadable = await unreadableOf(carrier, [...accepted.values()]);
  return {
    accepted: accepted.size,
    lost: [...missing(), ...unreadable],
    doubled: [...accepted.keys()].filter((id) => (offered.get(id)?.size ?? 0) > 1),
  };
}

async function openCase({ url, carrierKey, line }: RoundOptions, carrierCaseId: string): Promise<string> {
  const key = randomUUID();
  const body = JSON.stringify({ carrierCaseId, line, title: "No signal", channel: "phone", handling: {} });
  return waitFor(
    async () => {
      const response = await fetch(new URL("/v1/cases", url), {
        method: "POST",
        headers: { authorization: `Bearer ${carrierKey}`, "content-type": "application/json", "idempotency-key": key },
        body,
        signal: AbortSignal.timeout(5_000),
      });
      const json = (await response.json()) as { id: string; detail?: string };
      if (response.status === 503 && response.headers.get("retry-after") === null)
        throw new Error("503 without Retry-After");
      return response.status === 201 ? json.id : undefined;
    },
    { timeoutMs: 90_000, pollMs: 200, what: `a 201 for ${carrierCaseId}` },
  );
}

async function unreadableOf(carrier: Client, names: readonly string[]): Promise<string[]> {
  const unreadable: string[] = [];
  for (const name of names) {
    const { items } = await carrier.get<{ items: unknown[] }>(`/v1/cases?carrierCaseId=${name}`);
    if (items.length !== 1) unreadable.push(name);
  }
  return unreadable;
}
