import { afterAll, beforeAll, expect, test } from "vitest";
import { type World, acceptance, newTimeline, nine, startWorld } from "./world.ts";

/* These tests list a desk's hand-offs by deadline, and filter them by severity. */

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

type Item = { readonly handoffId: string; readonly acceptBy?: string };
const base = "/v1/queues/orchard.handheld/handoffs";

test("a queue lists hand-offs by acceptBy on several result pages, with filters; hand-offs without acceptBy come last", async () => {
  const timeline = newTimeline();
  const orchard = world.as("orchard");
  const given = [
    { acceptWithin: "PT90M", severity: "minor" },
    { acceptWithin: "PT10M", severity: "critical" },
    { acceptWithin: "PT5M", severity: "major" },
    { acceptWithin: "PT1H", severity: "critical" },
    { acceptWithin: "PT20M", severity: "minor" },
    { acceptWithin: "PT30M", severity: "minor" },
  ] as const;
  const ids: string[] = [];
  for (const [index, { acceptWithin, severity }] of given.entries()) {
    const crossing = [{ to: "queue:orchard.handheld", mode: "ticket", acceptWithin, repeat: 1 } as const];
    const line = await world.publish("northtel", { line: `within-${index}`, crossing });
    const one = await world.open(line, { timeline, severity, at: nine + index * 1_000 });
    await one.cross();
    ids.push(await one.offered());
  }
  const claim = async (index: number) => (await orchard("POST", `${base}/${ids[index]}/claim`)).body;
  const accepted = await claim(4);
  await orchard("POST", `${base}/${ids[4]}/accept`, acceptance(accepted.token, accepted.brief.case.version));
  const asked = await claim(5);
  const question = { token: asked.token, code: "missing-item", question: "Which colour?" };
  expect((await orchard("POST", `${base}/${ids[5]}/request-info`, question)).status).toBe(200);
  await claim(1);

  async function items(query: string, limit: number): Promise<Item[]> {
    const found: Item[] = [];
    for (let cursor = ""; ;) {
      const { body } = await orchard("GET", `${base}?timeline=${timeline}&limit=${limit}${query}${cursor}`);
      found.push(...(body.items as Item[]));
      if (body.next === undefined) break;
      cursor = `&cursor=${body.next}`;
    }
    return found;
  }
  const walk = async (query: string, limit: number) =>
    (await items(query, limit)).map(({ handoffId }) => ids.indexOf(handoffId));
  const dues = (await items("&sort=due", 50)).map(({ acceptBy }) => acceptBy ?? "none"); // an ISO instant sorts before the text "none"
  expect(dues).toEqual(dues.toSorted());
  for (const limit of [1, 2, 50]) expect(await walk("&sort=due", limit)).toEqual([2, 1, 3, 0, 4, 5]);
  expect(await walk("", 2)).toEqual([0, 1, 2, 3, 4, 5]);
  expect(await walk("&sort=due&severity=critical&severity=minor", 2)).toEqual([1, 3, 0, 4, 5]);
  expect(await walk("&severity=major", 2)).toEqual([2]);
  expect(await walk("&state=claimed&state=accepted", 2)).toEqual([1, 4]);
  expect(await walk("&sort=due&state=offered&severity=critical", 2)).toEqual([3]);
  const { body } = await orchard("GET", `${base}?timeline=${timeline}&limit=1`);
  for (const query of [`sort=due&cursor=${body.next}`, "severity=huge", "sort=age", "state=asleep"])
    expect(await orchard("GET", `${base}?timeline=${timeline}&${query}`)).toMatchObject({
      status: 400,
      body: { code: "invalid_request" },
    });
});
