import type { LineDocument } from "@crossline/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Stage, openStage } from "./stage.ts";
import type { Story } from "./story.ts";

/*
 * The carrier reads its case, both companies read its hand-offs, and the desk reads its queue. At every instant the
 * case, the hand-offs and the queue show the same phase.
 */

const ticket = (vendor: string): LineDocument => ({
  line: "ticket",
  mode: "cross",
  calendar: "24x7",
  clocks: [{ kind: "stall.idle", target: "PT1H", warnAt: [] }],
  crossing: [{ to: `queue:${vendor}.care`, mode: "ticket", acceptWithin: "PT12H", repeat: 1 }],
  lastResort: ["https://duty.northtel.example/"],
});

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

type Claim = { readonly token: number };

/** Returns the phases that every public address shows, without repetitions. */
async function phases(story: Story): Promise<string[]> {
  const { carrier, vendor, vendorName } = story.cast;
  type Read = { readonly handoff?: { readonly phase: string } };
  type Queue = { readonly items: readonly { readonly handoffId: string; readonly phase: string }[] };
  const list = `/v1/queues/${vendorName}.care/handoffs?timeline=${story.timeline}`;
  const [byCarrier, byVendor, cases, handoffs, queue] = await Promise.all([
    carrier.get<Read>(story.path),
    vendor.get<Read>(story.path),
    carrier.get<{ readonly items: readonly Read[] }>(`/v1/cases?timeline=${story.timeline}`),
    story.handoffs(),
    vendor.get<Queue>(list),
  ]);
  const [item] = queue.items;
  const one = await vendor.get<{ readonly phase: string }>(story.handoffPath("care", item?.handoffId ?? ""));
  const filtered = await vendor.get<Queue>(`${list}&state=${item?.phase}`);
  const all = [byCarrier.handoff, byVendor.handoff, cases.items[0]?.handoff, handoffs[0], item, one, filtered.items[0]];
  return [...new Set(all.map((read) => read?.phase ?? "none"))];
}

test("every response shows the same phase of a hand-off before, at and after the end of its lease", async () => {
  const story = await stage.story(ticket);
  await story.open({ call: false, channel: "mail" });
  await story.advance("10:01");
  const [handoff] = await story.queue("care");
  const desk = story.handoffPath("care", handoff?.handoffId ?? "");
  const { carrier, vendor } = story.cast;
  // `advance` waits until every service has applied all earlier records.
  const at = async (time: string): Promise<string[]> => phases(await story.advance(time));
  expect(await at("10:01")).toEqual(["offered"]);

  const first = await vendor.post<Claim>(`${desk}/claim`, { person: "eng-1" });
  expect(await at("10:15:59")).toEqual(["claimed"]);
  expect(await at("10:16")).toEqual(["claimed"]);
  expect(await at("10:16:01")).toEqual(["offered"]);
  await vendor.post(`${desk}/renew`, { token: first.token });
  expect(await at("10:16:02")).toEqual(["claimed"]);
  expect(await at("10:31:01")).toEqual(["claimed"]);
  expect(await at("10:31:02")).toEqual(["offered"]);

  const second = await vendor.post<Claim>(`${desk}/claim`, { person: "eng-2" });
  expect(await at("10:31:03")).toEqual(["claimed"]);
  await vendor.post(`${desk}/release`, { token: second.token });
  expect(await at("10:31:04")).toEqual(["offered"]);
  const third = await vendor.post<Claim>(`${desk}/claim`, { person: "eng-3" });
  expect(await at("10:31:05")).toEqual(["claimed"]);

  await vendor.post(`${desk}/request-info`, { token: third.token, code: "needs-log", items: [], question: "When?" });
  expect(await at("10:31:06")).toEqual(["info-requested"]);
  expect(await at("10:47")).toEqual(["offered"]);
  await vendor.post(`${desk}/renew`, { token: third.token });
  expect(await at("10:47:01")).toEqual(["info-requested"]);
  await carrier.post(`${story.path}/handoffs/${handoff?.handoffId}/information`, { answer: "Last night" });
  expect(await at("10:47:02")).toEqual(["claimed"]);
  expect(await at("11:02:01")).toEqual(["offered"]);

  const fourth = await story.claim("care", handoff?.handoffId ?? "");
  await story.accept("care", handoff?.handoffId ?? "", fourth);
  expect(await at("11:02:02")).toEqual(["accepted"]);
  expect(await at("16:00")).toEqual(["accepted"]);
});
