import { ResponseFault, type Client } from "../client.ts";
import { createUnlessThere } from "../create-unless-there.ts";
import { openQueues } from "../open-queues.ts";
import type { Cast } from "./play.ts";
import { readyMade } from "./ready-made.ts";

type Company = { readonly client: Client; readonly name: string };

/** Prepares story 3. Both companies publish their calendars, and then the carrier publishes its duty roster and its line. */
export async function prepareFourteenDays(carrier: Company, vendor: Company): Promise<Cast> {
  const names = { northtel: carrier.name, quill: vendor.name };
  await createUnlessThere(carrier.client.post("/v1/calendars", readyMade("calendars/northtel-office.yaml")));
  await createUnlessThere(vendor.client.post("/v1/calendars", readyMade("calendars/quill-office.yaml")));
  await createUnlessThere(carrier.client.post("/v1/rosters", roster("duty", ["rep-1"], false)));
  return withLine(carrier, vendor, readyMade("broadband-activation.yaml", names));
}

/**
 * Prepares story 5. Both companies publish their rosters. Routing pages the people of Orchard's emergency roster even
 * in their quiet hours.
 */
export async function prepareKeys(carrier: Company, vendor: Company): Promise<Cast> {
  const names = { northtel: carrier.name, orchard: vendor.name };
  await createUnlessThere(vendor.client.post("/v1/rosters", roster("emergency", ["ivo", "lena"], true)));
  await createUnlessThere(carrier.client.post("/v1/rosters", roster("duty", ["rep-1"], false)));
  return withLine(carrier, vendor, readyMade("developer-keys.yaml", names));
}

/** Prepares story 4. The wholesale carrier publishes two rosters and its line for inquiries. */
export async function prepareUnanswered(carrier: Company, vendor: Company): Promise<Cast> {
  await createUnlessThere(carrier.client.post("/v1/rosters", roster("sales", ["sanne", "joost"], false)));
  await createUnlessThere(carrier.client.post("/v1/rosters", roster("leads", ["mila"], false)));
  return withLine(carrier, vendor, readyMade("inquiry.yaml", { lumen: carrier.name }));
}

/** Prepares the second half of story 4. The carrier publishes its line for mobile data, whose alike cases become an incident. */
export async function prepareAnnounced(carrier: Company, vendor: Company): Promise<Cast> {
  return withLine(carrier, vendor, readyMade("mobile-data.yaml", { northtel: carrier.name, orchard: vendor.name }));
}

/**
 * Prepares story 2. Three reps of the carrier are on duty at once, and their roster is the pool of the specialists. No rep has a
 * skill yet.
 */
export async function prepareOneAndDone(carrier: Company, vendor: Company): Promise<Cast> {
  await createUnlessThere(carrier.client.post("/v1/rosters", floor(["maya", "tom", "priya"])));
  await carrier.client.put("/v1/pools/specialists", { title: "Reps with a certificate", rosters: ["floor"] });
  return withLine(carrier, vendor, readyMade("one-and-done.yaml", { northtel: carrier.name, orchard: vendor.name }));
}

/** Returns a roster on which all people are on duty at once: each person has a layer. */
function floor(people: readonly string[]): object {
  return {
    roster: "floor",
    people: people.map((id) => ({ id, name: id, mail: `${id}@floor.example` })),
    rotation: people.map((id) => ({
      turn: "daily",
      handover: "08:00",
      zone: "America/Toronto",
      start: "2026-03-01",
      order: [id],
    })),
  };
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

/** Publishes a line. If the line already exists, in this version or an older version, the function keeps it. */
async function withLine(carrier: Company, vendor: Company, line: Record<string, unknown>): Promise<Cast> {
  await openQueues(vendor.client, vendor.name, [line]);
  await createUnlessThere(carrier.client.post("/v1/lines", line));
  const names = { carrier: carrier.name, vendor: vendor.name };
  return { carrier: carrier.client, vendor: vendor.client, names, line: String(line["line"]) };
}

const patienceMs = 5_000;

/** Retries a request for 5 s while it gets 401 or 422, because a service may not have applied an earlier document or key yet. */
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
