import { hashKey } from "@crossline/access";
import { type ServiceName, serviceNames } from "@crossline/cli";
import { type EventData, topics } from "@crossline/contracts";
import { toWire } from "@crossline/messaging";
import { type Database, connect } from "@crossline/postgres";
import { uniquePrefix, waitFor } from "@crossline/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Stage, openStage, operatorKey } from "./stage.ts";

/*
 * Only intake checks the operator's key. A client that may write the party topic, for example with intake's stolen password, gets no
 * rights of the operator on any port.
 */

let stage: Stage;
let databases: Map<ServiceName, Database>;
const readers = ["timer", "routing", "notification", "insight", "console"] as const;
beforeAll(async () => {
  stage = await openStage({ inProcess: true, insight: true, console: true });
  const open = (schema: ServiceName) => connect({ url: stage.databaseUrl, schema, applicationName: "forged-operator" });
  databases = new Map(serviceNames.map((name) => [name, open(name)]));
}, 60_000);
afterAll(async () => {
  await Promise.all([...(databases?.values() ?? [])].map((database) => database.close()));
  await stage?.close();
});

/** A request of each service that accepts the operator, and the status of its response. */
const requests = [
  { service: "intake", path: "/v1/parties", status: 200 },
  { service: "timer", path: `/v1/cases/cs_${"0".repeat(26)}/clocks`, status: 404 },
  { service: "routing", path: "/v1/calendars", status: 200 },
  { service: "notification", path: "/v1/deliveries", status: 200 },
  { service: "insight", path: "/v1/reports/time-to-accept?party=none", status: 422 },
  { service: "console", path: "/v1/me", status: 200 },
] as const;

const read = async (url: string, key: string): Promise<number> =>
  (await fetch(url, { headers: { authorization: `Bearer ${key}` } })).status;

async function forge(data: EventData<"party.recorded">): Promise<void> {
  const message = { topic: topics.party, key: data.party, sequence: 1_000, type: "party.recorded", time: Date.now() };
  await stage.send([toWire({ ...message, timeline: "wall", data }, "/crossline/intake")]);
}

/** Waits until each reader of the party topic has read the record of this key with the sequence 1,000. */
async function isRead(key: string): Promise<void> {
  for (const name of readers) {
    const seen = () =>
      databases.get(name)?.query({
        text: "-- test.seen\nselect from inbox_sequence where topic = $1 and key = $2 and applied = 1000",
        values: [topics.party, key],
      });
    await waitFor(async () => ((await seen())?.length ?? 0) > 0, { timeoutMs: 20_000, what: `${name} reads ${key}` });
  }
}

test("the operator reaches every service through intake, and no other service accepts its key", async () => {
  for (const { service, path, status } of requests) {
    expect([service, await read(`${stage.url}${path}`, operatorKey)]).toEqual([service, status]);
    const own = service === "intake" ? status : 401;
    expect([service, await read(`${stage.addresses[service]}${path}`, operatorKey)]).toEqual([service, own]);
  }
}, 60_000);

test("no service stores the operator's key except intake", async () => {
  for (const name of [...readers, "intake"] as const) {
    const rows = await databases.get(name)?.query<{ hash: string }>({
      text: "-- test.keys\nselect hash from party_key where party = 'operator'",
    });
    expect([name, rows?.map(({ hash }) => hash)]).toEqual([name, name === "intake" ? [hashKey(operatorKey)] : []]);
  }
});

test("a forged operator's key works on no port, and the operator's own key still works", async () => {
  const forgedKey = "forged-operator-key-of-an-intruder";
  const keys = [{ keyId: "key_operator", hash: hashKey(forgedKey) }];
  await forge({ party: "operator", kind: "operator", name: "Operator", keys });
  await isRead("operator");
  const ports = requests.map(async ({ service, path, status }) => ({
    service,
    forged: await read(`${stage.addresses[service]}${path}`, forgedKey),
    throughIntake: await read(`${stage.url}${path}`, forgedKey),
    genuine: (await read(`${stage.url}${path}`, operatorKey)) === status,
  }));
  const expected = requests.map(({ service }) => ({ service, forged: 401, throughIntake: 401, genuine: true }));
  expect(await Promise.all(ports)).toEqual(expected);
}, 60_000);

test("a forged record makes no company an operator", async () => {
  const vendor = await stage.party("orchard", "vendor");
  await waitFor(() => vendor.client.get("/v1/me"), { timeoutMs: 10_000 });
  const keys = [{ keyId: "key_forged", hash: hashKey(vendor.key) }];
  await forge({ party: vendor.party, kind: "operator", name: "Orchard", keys });
  await isRead(vendor.party);
  for (const name of readers) {
    const rows = await databases.get(name)?.query({
      text: "-- test.kind\nselect kind from party where id = $1",
      values: [vendor.party],
    });
    expect([name, rows]).toEqual([name, [{ kind: "vendor" }]]);
  }
}, 60_000);

test("a command of the operator in another service is logged under its key, and repeats under its idempotency key", async () => {
  const carrier = await stage.party("northtel", "carrier");
  await waitFor(() => carrier.client.get("/v1/calendars"), { timeoutMs: 10_000 });
  const calendar = {
    calendar: `c-${uniquePrefix().slice(0, 7)}`,
    zone: "America/Toronto",
    week: { mon: ["09:00-17:00"] },
  };
  const send = async () => {
    const response = await fetch(`${stage.url}/v1/calendars?party=${carrier.party}`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${operatorKey}`,
        "idempotency-key": `once-${carrier.party}`,
        "content-type": "application/json",
      },
      body: JSON.stringify(calendar),
    });
    return { status: response.status, body: await response.json() };
  };
  const first = await send();
  expect(first.status).toBe(201);
  expect(await send()).toEqual(first);
  const logged = await waitFor(
    async () => {
      const { items } = await carrier.client.get<{ items: { operation: string; actor: object }[] }>("/v1/actions");
      return items.find(({ operation }) => operation === "publishCalendar");
    },
    { timeoutMs: 10_000 },
  );
  expect(logged).toMatchObject({ actor: { party: "operator", keyId: "key_operator" } });
}, 60_000);

test("the operator's stream comes through intake, and not from the console's port", async () => {
  const cut = new AbortController();
  const open = (url: string) =>
    fetch(`${url}/v1/stream`, { signal: cut.signal, headers: { authorization: `Bearer ${operatorKey}` } });
  expect((await open(stage.url)).status).toBe(200);
  expect((await open(stage.addresses.console)).status).toBe(401);
  cut.abort();
});
