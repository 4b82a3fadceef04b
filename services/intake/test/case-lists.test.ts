import { type DeadlineResultPage, formatInstant, parseInstant } from "@crossline/contracts";
import { now } from "@crossline/postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { routingOf } from "./routing.ts";
import { type ApiResponse, type World, createWorld, opening, waitFor } from "./world.ts";

/* The tests of case lists: filters for properties and for the last change, and lists in the order of the next deadline. */

let world: World;
let carriers = 0;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.stop());

type Client = World["northtel"];
type Item = { id: string; lastEventAt: string; openedAt: string; nextDue?: { dueAt: string } };

/** Creates a carrier for each test. */
const freshCarrier = (): Promise<Client> => world.party(`carrier-${carriers++}`, "carrier");
async function open(client: Client, more: Record<string, unknown> = {}): Promise<Item> {
  return (await client.post("/v1/cases", opening({ channel: "mail", ...more }))).body as Item;
}
const list = (client: Client, query = ""): Promise<ApiResponse> => client.get(`/v1/cases?${query}`);
const idsOf = ({ body }: ApiResponse): string[] => (body.items as Item[]).map(({ id }) => id);

/** Reads all result pages of a list. Returns the cases in the list and the number of result pages. */
async function walk(client: Client, query: string): Promise<{ readonly items: Item[]; readonly pages: number }> {
  const items: Item[] = [];
  let cursor = "";
  for (let pages = 1; ; pages++) {
    const { status, body } = await list(client, `${query}${cursor}`);
    expect(status).toBe(200);
    items.push(...(body.items as Item[]));
    if (body.next === undefined) return { items, pages };
    cursor = `&cursor=${body.next}`;
  }
}

test("intake combines filters, and a filter can have one value or several values", async () => {
  const client = await freshCarrier();
  const critical = await open(client, { severity: "critical" });
  const major = await open(client, { severity: "major" });
  const minor = await open(client, { severity: "minor" });
  const status = (one: Item, to: string) => client.post(`/v1/cases/${one.id}/status`, { status: to });
  await status(critical, "held");
  await status(major, "cancelled");
  const ids = async (query: string) => idsOf(await list(client, query));
  expect(await ids("severity=critical")).toEqual([critical.id]);
  expect(await ids("severity=critical&severity=minor")).toEqual([minor.id, critical.id]);
  expect(await ids("status=held&status=cancelled")).toEqual([major.id, critical.id]);
  expect(await ids("status=held&status=acknowledged")).toEqual([minor.id, critical.id]);
  expect(await ids("status=held&status=acknowledged&severity=minor")).toEqual([minor.id]);
  expect(await ids("holder=orchard")).toEqual([]);
  expect(await ids(`holder=carrier-${carriers - 1}&status=cancelled`)).toEqual([major.id]);
  for (const [query, at] of [
    ["status=asleep", "status.0"],
    ["severity=minor&severity=huge", "severity.1"],
    ["updatedSince=yesterday", "updatedSince"],
    ["sort=age", "sort"],
    ["holder=%20", "holder"],
  ] as const)
    expect(await list(client, query)).toMatchObject({ status: 400, body: { fields: [{ at }] } });
});

test("a list finds the cases that changed after an instant, including ended and reopened cases", async () => {
  const client = await freshCarrier();
  const [idle, busy, over] = [await open(client), await open(client), await open(client)];
  const close = await client.post(`/v1/cases/${over.id}/status`, { status: "cancelled" });
  const since = (instant: string | number, more = "") =>
    list(client, `updatedSince=${typeof instant === "string" ? instant : formatInstant(instant)}${more}`).then(idsOf);
  const { lastEventAt } = (await client.get(`/v1/cases/${over.id}`)).body as Item;
  expect(close.status).toBe(200);
  expect(await since(lastEventAt)).toContain(over.id);
  expect(await since(parseInstant(lastEventAt) + 1)).not.toContain(over.id);
  const later = parseInstant(lastEventAt) + 1;
  await waitFor(async () => (await now(world.database)) > later);
  await client.post(`/v1/cases/${busy.id}/entries`, { kind: "note", text: "…" });
  expect(await since(later)).toEqual([busy.id]);
  await client.post(`/v1/cases/${over.id}/contacts`, { channel: "mail" });
  expect(await since(later)).toEqual([over.id, busy.id]);
  expect(await since(later, "&status=acknowledged")).toEqual([busy.id]);
  // Only an ended case has `over_at`, so the index of open cases does not contain the case.
  const ends = await world.database.query<{ id: string }>({
    text: "select case_id as id from case_party where over_at is not null and case_id = any($1)",
    values: [[idle.id, busy.id, over.id]],
  });
  expect(ends).toEqual([{ id: over.id }]);
  const closed = await open(client);
  await client.post(`/v1/cases/${closed.id}/status`, { status: "resolved", fixCode: "found" });
  expect((await client.post(`/v1/cases/${closed.id}/confirm`)).body.status).toBe("closed");
  await client.post(`/v1/cases/${closed.id}/reopen`, { code: "still-broken", reason: "dead" });
  expect(await since(later)).toEqual([closed.id, over.id, busy.id]);
  expect(idsOf(await list(client, "status=reopened"))).toEqual([closed.id]);
  expect(idsOf(await list(client, "status=acknowledged"))).toEqual([busy.id, idle.id]);
});

test("⚠ an internal entry of another company does not make a case appear as changed in a list", async () => {
  const { id } = (await world.northtel.post("/v1/cases", opening({ channel: "mail" }))).body as Item;
  await routingOf(world, id).offer();
  const { lastEventAt } = (await world.orchard.get(`/v1/cases/${id}`)).body as Item;
  const after = formatInstant(parseInstant(lastEventAt) + 1);
  await waitFor(async () => (await now(world.database)) > parseInstant(after));
  await world.northtel.post(`/v1/cases/${id}/entries`, { kind: "note", audience: "internal", text: "secret" });
  expect(idsOf(await list(world.northtel, `updatedSince=${after}`))).toContain(id);
  const { status, body } = await list(world.orchard, `updatedSince=${after}&limit=1`);
  expect({ status, body }).toEqual({ status: 200, body: { items: [] } });
  expect(idsOf(await list(world.orchard, `updatedSince=${lastEventAt}`))).toEqual([id]);
  const own = { kind: "note", audience: "internal", text: "ours" };
  await world.orchard.post(`/v1/cases/${id}/entries`, own);
  expect(idsOf(await list(world.orchard, `updatedSince=${after}`))).toEqual([id]);
});

test("a list by deadline has the timer's order on all result pages, and shows each case's deadline", async () => {
  const client = await freshCarrier();
  const cases: Item[] = [];
  for (let index = 0; index < 7; index++)
    cases.push(await open(client, { severity: index % 2 === 0 ? "major" : "minor" }));
  const order = [3, 0, 6, 1, 5, 4].map((index) => cases[index]?.id ?? ""); // Case 2 has no deadline.
  world.standIns.timer.dues = order.map((caseId, index) => dueIn(caseId, index));
  const due = await walk(client, "sort=due&limit=2");
  expect(due.items.map(({ id }) => id)).toEqual(order);
  expect(due.pages).toBe(3);
  expect(due.items.map(({ nextDue }) => nextDue?.dueAt)).toEqual(
    world.standIns.timer.dues.map(({ nextDue }) => nextDue?.dueAt),
  );
  const major = await walk(client, "sort=due&severity=major&limit=1");
  expect(major.items.map(({ id }) => cases.findIndex((one) => one.id === id))).toEqual([0, 6, 4]);
  const opened = await walk(client, "limit=3");
  expect(opened.items.map(({ id }) => id)).toEqual(cases.map(({ id }) => id).toReversed());
  expect(opened.items.filter(({ nextDue }) => nextDue === undefined).map(({ id }) => id)).toEqual([cases[2]?.id]);
  const [first] = [await list(client, "sort=due&limit=2")];
  for (const query of [
    `sort=opened&cursor=${first?.body.next}`,
    `sort=due&cursor=${(await list(client, "limit=2")).body.next}`,
  ])
    expect(await list(client, query)).toMatchObject({ status: 400, body: { fields: [{ at: "cursor" }] } });
  world.standIns.timer.dues = [];
});

test("if the timer does not respond, the list by opening shows no deadlines, and the list by deadline is refused", async () => {
  const client = await freshCarrier();
  const { id } = await open(client);
  world.standIns.timer.dues = [dueIn(id, 1)];
  expect((await list(client)).body.items).toMatchObject([{ id, nextDue: { clock: "idle" } }]);
  world.standIns.timer.dues = undefined;
  const { status, body } = await list(client);
  expect({ status, items: body.items }).toMatchObject({ status: 200, items: [{ id }] });
  expect(body.items[0]).not.toHaveProperty("nextDue");
  const refused = await list(client, "sort=due");
  expect(refused).toMatchObject({ status: 503, body: { code: "unavailable" } });
  expect(refused.headers.get("retry-after")).toBe("1");
  world.standIns.timer.dues = [dueIn(id, 1)];
  await waitFor(async () => (await list(client)).body.items[0].nextDue !== undefined);
  world.standIns.timer.dues = [];
});

test("a list shows a former vendor no deadline of the case", async () => {
  const { id } = (await world.northtel.post("/v1/cases", opening({ channel: "mail" }))).body as Item;
  const routing = routingOf(world, id);
  await routing.offer();
  world.standIns.timer.dues = [dueIn(id, 1)];
  const dues = async () => [
    ((await list(world.orchard)).body.items as Item[]).find((one) => one.id === id)?.nextDue !== undefined,
    idsOf(await list(world.orchard, "sort=due")).includes(id),
  ];
  expect(await dues()).toEqual([true, true]);
  await world.northtel.post(`/v1/cases/${id}/status`, { status: "cancelled" });
  expect(await dues()).toEqual([false, false]);
  world.standIns.timer.dues = [];
});

test("a list with a filter that few cases pass has short result pages and reaches the end", async () => {
  const client = await freshCarrier();
  const party = `carrier-${carriers - 1}`;
  const model = await open(client, { severity: "critical", carrierCaseId: "the-oldest" });
  await world.database.query({
    text: `
      with copies as (
        insert into case_record (id, timeline, carrier, carrier_case_id, observe, opened_at, status, last_event_at, state)
        select 'cs_' || lpad(n::text, 26, '0'), timeline, carrier, 'copy-' || n, observe, opened_at + n * interval '1 ms', status, last_event_at,
          (state::jsonb || jsonb_build_object('severity', 'minor', 'id', 'cs_' || lpad(n::text, 26, '0'),
            'openedAt', (state->>'openedAt')::bigint + n))::json
        from case_record, generate_series(1, 4100) as n where id = $1
        returning id, opened_at
      )
      insert into case_party (party, timeline, opened_at, case_id) select $2, 'wall', opened_at, id from copies`,
    values: [model.id, party],
  });
  const { items, pages } = await walk(client, "severity=critical");
  expect({ ids: items.map(({ id }) => id), pages }).toEqual({ ids: [model.id], pages: 3 });
  expect(idsOf(await list(client, "carrierCaseId=the-oldest"))).toEqual([model.id]);
});

function dueIn(caseId: string, hours: number): DeadlineResultPage["items"][number] {
  const at = parseInstant("2030-01-01T00:00:00Z") + hours * 3_600_000;
  return { caseId, at, nextDue: { clock: "idle", kind: "stall.idle", dueAt: formatInstant(at), charged: "northtel" } };
}
