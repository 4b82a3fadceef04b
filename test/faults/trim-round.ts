import { randomUUID } from "node:crypto";
import { queueTopic, topics } from "@crossline/contracts";
import { type Client, type DeskRecord, type Platform, openDesk } from "@crossline/cli";
import { type Broker, kafkaBroker } from "@crossline/messaging";
import { waitFor } from "@crossline/testing";
import type { RoundOptions } from "./load.ts";

const names = ["timer", "routing", "notification", "intake"] as const;
type Name = (typeof names)[number];

/** The result of a round in which records were deleted while services were frozen. */
export type TrimVerdict = {
  /** The number of cases that the vendor received as offers. */
  readonly crossed: number;
  /** The frozen services that raised an alarm. */
  readonly alarmed: readonly Name[];
  /** The services that became ready again and know of each key whether its records are lost. */
  readonly ready: readonly Name[];
};

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * Opens cases under `line`. Freezes timer, routing and notification in turn, adds a contact to each case, and deletes
 * the records of the case topic. Then opens a case under the line `soon` and freezes intake. When that case has
 * crossed, deletes the records of the clock and hand-off topics and resumes intake.
 */
export async function runTrimRound(
  platform: Platform,
  options: RoundOptions & { readonly soon: string },
  cases: number,
): Promise<TrimVerdict> {
  const { carrier, line, soon, brokers, vendorName } = options;
  const broker = kafkaBroker({ brokers: [...brokers], clientId: "trim", log: silent });
  const offered = new Set<string>();
  const desk = await openDesk(
    { brokers, vendor: vendorName },
    [queueTopic(vendorName, "wall")],
    ({ caseId, type }: DeskRecord) => {
      if (type === "crossline.queue.offered.v1") offered.add(caseId);
    },
  );
  const ids = await Promise.all(Array.from({ length: cases }, () => openCase(carrier, line)));
  const freeze = async (name: Name, emptied: readonly string[], publish: () => Promise<unknown>): Promise<void> => {
    platform.kill(name, "SIGSTOP");
    try {
      await publish();
      await broker.deleteRecords(await broker.endOffsets(emptied));
    } finally {
      platform.kill(name, "SIGCONT");
    }
  };
  for (const name of ["timer", "routing", "notification"] as const) {
    await freeze(name, [topics.case], async () => {
      // Kafka answers the fetch of the frozen service with the first contacts, so that only the second ones are lost for certain.
      await writeAndWait(broker, options, ids);
      await writeAndWait(broker, options, ids);
    });
  }
  const due = await openCase(carrier, soon);
  // The check of the result counts the cases that crossed.
  const cross = (wanted: readonly string[]) => isWithin(async () => wanted.every((id) => offered.has(id)), 60_000);
  await freeze("intake", [topics.clock, topics.handoff], () => cross([due]));
  await cross(ids);
  const alarmed = await Promise.all(names.map((name) => isAlarmed(platform, name)));
  const ready = await Promise.all(names.map((name) => isReady(platform, name)));
  await Promise.all([desk.close(), broker.close()]);
  return {
    crossed: ids.filter((id) => offered.has(id)).length,
    alarmed: names.filter((_, index) => alarmed[index]),
    ready: names.filter((_, index) => ready[index]),
  };
}

async function openCase(carrier: Client, line: string): Promise<string> {
  const opening = { carrierCaseId: `T-${randomUUID()}`, line, title: "No signal", channel: "phone", handling: {} };
  const { id } = await carrier.post<{ id: string }>("/v1/cases", opening);
  await waitFor(() => carrier.get(`/v1/cases/${id}/clocks`), { timeoutMs: 10_000 });
  return id;
}

/** Adds a contact to every case and waits until Kafka has the records. */
async function writeAndWait(broker: Broker, { carrier }: RoundOptions, ids: readonly string[]): Promise<void> {
  const end = async () =>
    [...(await broker.endOffsets([topics.case])).values()].reduce((sum, offset) => sum + offset, 0);
  const before = await end();
  const contact = { direction: "inbound", channel: "phone" };
  await Promise.all(ids.map((id) => carrier.post(`/v1/cases/${id}/contacts`, contact)));
  await waitFor(async () => (await end()) >= before + ids.length, { timeoutMs: 10_000, what: "the contacts in Kafka" });
}

async function readMetrics({ settings }: Platform, name: Name): Promise<string> {
  const headers = { authorization: `Bearer ${settings.internalKey}` };
  return (await fetch(`http://127.0.0.1:${settings.ports[name]}/metrics`, { headers })).text();
}

function isAlarmed(platform: Platform, name: Name): Promise<boolean> {
  const lost = async () => /^crossline_consumer_lost_total\{[^}]*\} [1-9]/m.test(await readMetrics(platform, name));
  return isWithin(lost, 20_000);
}

function isReady(platform: Platform, name: Name): Promise<boolean> {
  const known = async () => {
    const { ok } = await fetch(`http://127.0.0.1:${platform.settings.ports[name]}/health/ready`);
    return ok && /^crossline_inbox_gap_marks\{[^}]*kind="unknown"[^}]*\} 0$/m.test(await readMetrics(platform, name));
  };
  return isWithin(known, 20_000);
}

async function isWithin(condition: () => Promise<boolean>, timeoutMs: number): Promise<boolean> {
  return waitFor(condition, { timeoutMs, pollMs: 100 }).then(
    () => true,
    () => false,
  );
}
