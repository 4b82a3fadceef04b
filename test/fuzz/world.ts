import { waitFor } from "@crossline/testing";
import type { Operation } from "../openapi/document.ts";
import type { Stage } from "../scenarios/stage.ts";
import type { Random } from "../simulation/random.ts";

/* The ids and names that requests can use. Each response can add ids and names to the world. */

export type Caller = "carrier" | "vendor" | "operator" | "nobody" | "unknown";

/** The latest values of one parameter. */
type Pool = string[];
const poolMax = 60;

export class World {
  readonly keys: Readonly<Record<Caller, string | undefined>>;
  readonly names: { readonly carrier: string; readonly vendor: string };
  /**
   * `busy` is a stepped timeline with cases, `free` is a stepped timeline without cases, and `history` is an import.
   * Requests may advance `free` to any instant.
   */
  readonly timelines: { readonly busy: string; readonly free: string; readonly history: string };
  readonly #pools = new Map<string, Pool>();
  #count = 0;

  constructor(given: Pick<World, "keys" | "names" | "timelines">) {
    this.keys = given.keys;
    this.names = given.names;
    this.timelines = given.timelines;
  }

  /** Returns a number that no earlier call returned. */
  count(): number {
    return ++this.#count;
  }

  /** Returns one of the known values of a name, or undefined. */
  pick(name: string, random: Random): string | undefined {
    const pool = this.#pools.get(name) ?? [];
    return pool.length === 0 ? undefined : random.pick(pool);
  }

  latest(name: string): string | undefined {
    return this.#pools.get(name)?.at(-1);
  }

  add(name: string, value: string): void {
    const pool = this.#pools.get(name) ?? [];
    pool.push(value);
    this.#pools.set(name, pool.slice(-poolMax));
  }

  /** Stores the ids of a successful response. */
  learn({ id, path }: Operation, address: string, response: any): void {
    const [, , room = "", first = ""] = address.split("/");
    if (id === "openCase") this.add("case", response.id);
    const caseId = response.caseId ?? (id === "openCase" ? response.id : undefined);
    if (caseId !== undefined && response.version !== undefined)
      this.add(`version of ${caseId}`, String(response.version));
    if (id === "createTimeline") this.add(response.kind, response.id);
    if (id === "startHandling") this.add("handling of", `${first}/${response.id}`);
    if (id === "makePromise") this.add("promise of", `${first}/${response.id}`);
    if (id === "createSubscription") this.add("subscription", response.subscriptionId);
    if (id === "openSkillUpload") this.add("skill upload", response.id);
    if (id === "startRingTest") this.add("ring test", response.ringTestId);
    if (id === "createKey") this.add("key of", `${first}/${response.keyId}`);
    if (id === "listDeliveries") for (const { deliveryId } of response.items) this.add("delivery", deliveryId);
    if (id === "acceptHandoff") this.add("accepted", response.handoffId);
    if (id === "claimHandoff") {
      this.add(`version of ${response.handoffId}`, String(response.brief.case.version));
      this.add(`token of ${response.handoffId}`, String(response.token));
    }
    if (id === "claimAssignment") this.add(`token of ${response.assignmentId}`, String(response.token));
    if (id === "listPoolAssignments")
      for (const { assignmentId } of response.items) this.add("assignment", assignmentId);
    if (id === "listCaseHandoffs")
      for (const { handoffId } of response.handoffs) this.add("handoff of", `${first}/${handoffId}`);
    if (room === "queues" && path.endsWith("/handoffs"))
      for (const { handoffId } of response.items) this.add("handoff", handoffId);
  }
}

/** Creates companies, lines, a calendar, rosters, a pool, timelines and cases. Half of the cases crossed or have an assignment. */
export async function openWorld(stage: Stage, operatorKey: string): Promise<World> {
  const [carrier, vendor] = await Promise.all([stage.party("northtel", "carrier"), stage.party("orchard", "vendor")]);
  const { client } = carrier;
  const timelines = await Promise.all(
    [{ kind: "stepped", start }, { kind: "stepped", start }, { kind: "import" }].map((body) =>
      client.post<{ id: string }>("/v1/timelines", body),
    ),
  );
  const [busy = "", free = "", history = ""] = timelines.map(({ id }) => id);
  const keys = {
    carrier: carrier.key,
    vendor: vendor.key,
    operator: operatorKey,
    nobody: undefined,
    unknown: "xl_unknown",
  };
  const names = { carrier: carrier.party, vendor: vendor.party };
  const world = new World({ keys, names, timelines: { busy, free, history } });
  await waitFor(() => client.post("/v1/lines", lineTo(names.vendor)), { timeoutMs: 10_000 });
  await client.post("/v1/lines", { line: "observed", mode: "observe", calendar: "24x7", clocks: [idle] });
  await client.post("/v1/calendars", { calendar: "office", zone: "America/Toronto", week: { mon: ["09:00-17:30"] } });
  for (const one of [client, vendor.client]) await one.post("/v1/rosters", roster);
  await vendor.client.post("/v1/subscriptions", { url: "https://crm.example/hooks", timeline: busy });
  await definePool(stage, carrier.key);
  await client.post("/v1/lines", { ...lineTo(names.vendor), line: "pooled", crossing: [poolStep] });
  for (let number = 0; number < 12; number++) {
    const body = {
      carrierCaseId: `F-${number}`,
      line: number < 8 ? "handheld-consumer" : "pooled",
      title: "Dead",
      channel: "phone",
      timeline: busy,
    };
    const { id, version } = await client.post<{ id: string; version: number }>("/v1/cases", { ...body, handling: {} });
    world.add("case", id);
    if (number % 2 === 0) await client.post(`/v1/cases/${id}/crossings`, { asOf: version });
  }
  return world;
}

async function definePool({ url }: Stage, key: string): Promise<void> {
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const body = JSON.stringify({ rosters: ["duty"] });
  const { ok, status } = await fetch(`${url}/v1/pools/ios`, { method: "PUT", headers, body });
  if (!ok) throw new Error(`PUT /v1/pools/ios returned ${status}`);
}

const idle = { kind: "stall.idle", target: "PT24H" };
const poolStep = { to: "pool:ios", mode: "ticket", acceptWithin: "P20D", repeat: 5 };
const start = "2026-03-07T14:00:00Z";
const roster = {
  roster: "duty",
  people: [
    { id: "ada", name: "Ada", mail: "ada@example.com" },
    { id: "ben", name: "Ben", mail: "ben@example.com" },
  ],
  rotation: [{ turn: "daily", handover: "09:00", zone: "America/Toronto", start: "2026-03-06", order: ["ada", "ben"] }],
};

function lineTo(vendor: string): object {
  return {
    line: "handheld-consumer",
    calendar: "24x7",
    clocks: [{ kind: "resolution", target: "P30D" }],
    crossing: [{ to: `queue:${vendor}.handheld`, mode: "ticket", acceptWithin: "P20D", repeat: 5 }],
    lastResort: ["https://duty.example/"],
    returns: { jointAfter: 3 },
  };
}
