import { rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openQueues, retryWhileRefused } from "@crossline/cli";
import type { Brief, PresentedCase } from "@crossline/contracts";
import { waitFor } from "@crossline/testing";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { runHere } from "./command-run.ts";
import { handheld } from "./handheld-line.ts";
import { type Stage, openStage } from "./stage.ts";

/*
 * Story 4, second half. A provider changes the addresses of its mail gateway. Without a notice, thousands of customers lose their mail,
 * and the desk blames them. With a notice, each affected company confirms the change, and a case says which change may be its cause.
 */

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

type Company = Awaited<ReturnType<Stage["party"]>>;
type Change = {
  readonly id: string;
  readonly late: boolean;
  readonly lateBy?: string;
  readonly cases: number;
  readonly receipts?: readonly { readonly company: string; readonly state: string; readonly wasOverdue?: boolean }[];
};
type Hook = { readonly type: string; readonly time: string; readonly data: Record<string, unknown> };

const day = "2026-03-09";
const at = (time: string): string => `${day}T${time}:00Z`;

/** A company that receives its events by webhook. */
async function listen({ client }: Company, timeline: string): Promise<readonly Hook[]> {
  const heard: Hook[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    heard.push(JSON.parse(body));
    response.writeHead(204).end();
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  server.unref();
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const events = ["announced", "reminded", "overdue", "confirmed", "withdrawn"].map((name) => `change.${name}`);
  await retryWhileRefused(() => client.post("/v1/subscriptions", { url, timeline, events }));
  return heard;
}

/** The provider, a reseller on its network, a vendor and a stranger, on one timeline of the operator. */
async function createCast() {
  const [provider, reseller, stranger] = await Promise.all(
    ["lumen", "resell", "northtel"].map((name) => stage.party(name, "carrier")),
  );
  const [vendor, other] = await Promise.all(["orchard", "quill"].map((name) => stage.party(name, "vendor")));
  if (!provider || !reseller || !stranger || !vendor || !other) throw new Error("a party is missing");
  const document = handheld(vendor.party);
  await openQueues(vendor.client, vendor.party, [document]);
  for (const { client } of [provider, reseller, stranger]) await waitFor(() => client.post("/v1/lines", document));
  const begun = await stage.operator.post<{ id: string }>("/v1/timelines", { kind: "stepped", start: at("08:00") });
  const { id: timeline } = begun;
  const advance = (time: string) => stage.operator.post(`/v1/timelines/${timeline}/advance`, { to: at(time) });
  let opened = 0;
  const open = ({ client }: Company, more: Record<string, unknown> = {}) =>
    client.post<PresentedCase>("/v1/cases", {
      carrierCaseId: `C-${++opened}`,
      timeline,
      line: document.line,
      severity: "major",
      title: "No mail since last night",
      channel: "phone",
      device: { vendor: vendor.party, model: "Handheld 8700" },
      symptom: "no-mail",
      ...more,
    });
  return { provider, reseller, stranger, vendor, other, timeline, advance, open };
}

test("a provider that changes its addresses names the affected, knows who has not confirmed, and sees the cases it caused", async () => {
  const { provider, reseller, stranger, vendor, other, timeline, advance, open } = await createCast();
  const [atProvider, atReseller, atVendor, atOther] = [
    await listen(provider, timeline),
    await listen(reseller, timeline),
    await listen(vendor, timeline),
    await listen(other, timeline),
  ];
  // A customer calls before the notice. The provider announces the change two hours after its start.
  await advance("09:00");
  const early = await open(provider);
  await advance("10:00");
  const change = await provider.client.post<Change>("/v1/changes", {
    timeline,
    title: "New addresses of the mail gateway",
    description: "The gateway has new addresses. Devices with the old addresses cannot send mail.",
    mustDo: "Replace the old addresses in your configuration.",
    startsAt: at("08:00"),
    endsAt: at("20:00"),
    symptoms: ["no-mail"],
    affected: { companies: [reseller.party, vendor.party], models: ["Handheld 8700"] },
    confirmBy: at("14:00"),
    person: "lead-2",
  });
  expect(change).toMatchObject({ late: true, lateBy: "PT74H" });

  // Each affected company receives the notice. The vendor confirms, and the reseller is reminded and then overdue.
  await waitFor(() => atReseller.length === 1 && atVendor.length === 1);
  await vendor.client.post(`/v1/changes/${change.id}/receipt`, { person: "eng-4" });
  await advance("13:00");
  const atHalf = await provider.client.get<Change>(`/v1/changes/${change.id}`);
  expect(atHalf.receipts).toMatchObject([
    { company: reseller.party, state: "awaited" },
    { company: vendor.party, state: "confirmed" },
  ]);
  await advance("15:00");
  await waitFor(() => atReseller.length === 3 && atProvider.length === 3);
  expect(atReseller.map(({ type, time }) => [type, time.slice(11, 16)])).toEqual([
    ["crossline.change.announced.v1", "10:00"],
    ["crossline.change.reminded.v1", "12:00"],
    ["crossline.change.overdue.v1", "14:00"],
  ]);
  expect(atProvider.map(({ type, data }) => [type, data["company"]])).toEqual([
    ["crossline.change.announced.v1", undefined],
    ["crossline.change.confirmed.v1", vendor.party],
    ["crossline.change.overdue.v1", reseller.party],
  ]);
  expect(JSON.stringify(atReseller)).not.toContain(vendor.party);

  // The case from before the notice is linked afterwards, and a new case at its opening.
  expect((await provider.client.get<PresentedCase>(`/v1/cases/${early.id}`)).linkedChanges).toMatchObject([
    { changeId: change.id, by: provider.party, title: "New addresses of the mail gateway", late: true },
  ]);
  const theirs = await open(reseller);
  expect(theirs.linkedChanges).toMatchObject([{ changeId: change.id, startsAt: "2026-03-09T08:00:00Z" }]);
  const [otherFault, notAffected] = [await open(provider, { symptom: "dead-device" }), await open(stranger)];
  expect([otherFault.linkedChanges, notAffected.linkedChanges]).toEqual([undefined, undefined]);

  // The silent case crosses, and the vendor's queue says which change may be the cause.
  await advance("17:10");
  const handoffs = `/v1/queues/${vendor.party}.tier2/handoffs?timeline=${timeline}`;
  const { items } = await vendor.client.get<{ items: { caseId: string; brief: Brief }[] }>(handoffs);
  const queued = items.find(({ caseId }) => caseId === theirs.id);
  expect(queued?.brief.linkedChanges).toMatchObject([{ by: provider.party, startsAt: "2026-03-09T08:00:00Z" }]);

  // Each company counts only the cases that it may read.
  const countOf = async ({ client }: Company) => (await client.get<Change>(`/v1/changes/${change.id}`)).cases;
  expect([await countOf(provider), await countOf(reseller)]).toEqual([1, 1]);
  expect(await countOf(vendor)).toBe(2);
  const late = await reseller.client.post<{ receipt: object }>(`/v1/changes/${change.id}/receipt`, { person: "op-1" });
  expect(late.receipt).toMatchObject({ state: "confirmed", wasOverdue: true });

  // A company that is not affected sees nothing of the change.
  expect(atOther).toEqual([]);
  for (const { client } of [stranger, other]) {
    await expect(client.get(`/v1/changes/${change.id}`)).rejects.toMatchObject({ status: 404 });
    expect((await client.get<{ items: unknown[] }>(`/v1/changes?timeline=${timeline}`)).items).toEqual([]);
  }
}, 60_000);

test("the command line announces, lists, shows and confirms a change", async () => {
  const [carrier, vendor] = [await stage.party("northtel", "carrier"), await stage.party("orchard", "vendor")];
  const file = join(tmpdir(), `crossline-change-${carrier.party}.yaml`);
  onTestFinished(() => rmSync(file));
  const rows = [
    "title: New addresses of the mail gateway",
    "description: Devices with the old addresses cannot send mail.",
    "mustDo: Replace the old addresses.",
    `startsAt: ${new Date(Date.now() + 20 * 86_400_000).toISOString()}`,
    `affected: { companies: [${vendor.party}] }`,
  ];
  writeFileSync(file, rows.join("\n"));
  const as = (company: Company, ...args: string[]) =>
    runHere({ CROSSLINE_KEY: company.key, CROSSLINE_URL: stage.url }, "change", ...args);
  const announced = await as(carrier, "announce", file, "--person", "lead-2");
  expect(announced).toMatchObject({ code: 0, err: "" });
  const [id = ""] = /ch_[0-9a-z]{26}/.exec(announced.out) ?? [];
  expect((await as(vendor, "list", "--open")).out).toMatch(new RegExp(`${id}.*awaited`));
  const nameless = await as(vendor, "confirm", id);
  expect([nameless.code === 0, nameless.err]).toEqual([false, expect.stringContaining("add --person")]);
  expect((await as(vendor, "confirm", id, "--person", "eng-4")).out).toBe(`${id}: confirmed.\n`);
  const shown = await as(carrier, "show", id);
  expect(shown.out).toContain("1 of 1");
  expect(shown.out).toMatch(new RegExp(`${vendor.party} +confirmed`));
  expect((await as(vendor, "list", "--open")).out).toContain("No change matches.");
}, 60_000);
