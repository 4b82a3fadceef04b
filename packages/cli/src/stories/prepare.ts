import { ResponseFault, type Client } from "../client.ts";
import { openQueues } from "../open-queues.ts";
import type { Cast } from "./play.ts";
import { readyMade } from "./ready-made.ts";

type Company = { readonly client: Client; readonly name: string };

/** Story 3: both companies publish when their offices are open, then the carrier its line. */
export async function prepareFourteenDays(carrier: Company, vendor: Company): Promise<Cast> {
  const names = { northtel: carrier.name, quill: vendor.name };
  await unlessThere(carrier.client.post("/v1/calendars", readyMade("calendars/northtel-office.yaml")));
  await unlessThere(vendor.client.post("/v1/calendars", readyMade("calendars/quill-office.yaml")));
  return withLine(carrier, vendor, readyMade("broadband-activation.yaml", names));
}

/** Story 5: both companies say who is on duty; Orchard's emergency roster wakes people. */
export async function prepareKeys(carrier: Company, vendor: Company): Promise<Cast> {
  const names = { northtel: carrier.name, orchard: vendor.name };
  await unlessThere(vendor.client.post("/v1/rosters", roster("emergency", ["ivo", "lena"], true)));
  await unlessThere(carrier.client.post("/v1/rosters", roster("duty", ["rep-1"], false)));
  return withLine(carrier, vendor, readyMade("developer-keys.yaml", names));
}

function roster(name: string, people: readonly string[], emergency: boolean): object {
  const quiet = { from: "22:00", to: "07:00", zone: "America/Toronto" };
  return {
    roster: name,
    people: people.map((id) => ({ id, name: id, mail: `${id}@${name}.example`, quiet })),
    rotation: [{ turn: "daily", handover: "08:00", zone: "America/Toronto", start: "2006-10-30", order: people }],
    emergency,
  };
}

/** Publishes a line. At a second play it may be there already, as this or an older version: either will do. */
async function withLine(carrier: Company, vendor: Company, line: Record<string, unknown>): Promise<Cast> {
  await openQueues(vendor.client, vendor.name, [line]);
  await unlessThere(carrier.client.post("/v1/lines", line));
  const names = { carrier: carrier.name, vendor: vendor.name };
  return { carrier: carrier.client, vendor: vendor.client, names, line: String(line["line"]) };
}

const patienceMs = 5_000;

/** What is there already stays as it is; and what another service has just been told of may not be known here yet. */
async function unlessThere(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof ResponseFault && error.code === "already_exists")) throw error;
  }
}

/** Again and again for a few seconds, while what it builds on has not arrived everywhere. */
export async function retryWhileRefused<T>(work: () => Promise<T>): Promise<T> {
  for (const deadline = performance.now() + patienceMs; ;) {
    try {
      return await work();
    } catch (error) {
      const mayPass = error instanceof ResponseFault && (error.status === 401 || error.status === 422);
      if (!mayPass || performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
