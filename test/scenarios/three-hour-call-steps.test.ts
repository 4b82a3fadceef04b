import { type Brief, type EventData, type RosterDocument, formatInstant, topics } from "@crossline/contracts";
import { waitFor } from "@crossline/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { handheld } from "./handheld-line.ts";
import { type Stage, openStage } from "./stage.ts";
import { type CaseResponse, Story, clockTime } from "./story.ts";
import type { Witness } from "./witness.ts";

/* Story 1: the line that a case gets, the steps of the line, and the fix that the next cases are offered with. */

let stage: Stage;
let witness: Witness;
beforeAll(async () => {
  stage = await openStage();
  witness = await stage.witness(topics.handoff);
});
afterAll(async () => {
  await witness?.stop();
  await stage?.close();
});

const queuesOf = async (story: Story): Promise<string[]> =>
  (await story.handoffs()).map(({ queue, offeredAt }) => `${clockTime(offeredAt)} ${queue.split(".")[1]}`);

/** A carrier and a vendor with rosters and a calendar, and a line that refers to them. */
async function begin(prepare: (carrier: string, vendor: string) => { readonly line: string }): Promise<Story> {
  const [carrier, vendor] = [await stage.party("northtel", "carrier"), await stage.party("orchard", "vendor")];
  for (const name of ["duty", "managers"])
    await waitFor(() => vendor.client.post("/v1/rosters", roster(name, `orchard-${name}`)), { timeoutMs: 5_000 });
  await waitFor(() => carrier.client.post("/v1/rosters", roster("managers", "northtel-managers")), {
    timeoutMs: 5_000,
  });
  const weekdays = ["mon", "tue", "wed", "thu", "fri"].map((day) => [day, ["09:00-17:00"]]);
  const office = { calendar: "office", zone: "America/Toronto", week: Object.fromEntries(weekdays) as object };
  await vendor.client.post("/v1/calendars", office);
  const line = prepare(carrier.party, vendor.party);
  await carrier.client.post("/v1/lines", line);
  const parties = { carrier: carrier.client, vendor: vendor.client, carrierKey: carrier.key };
  return Story.begin({ ...parties, carrierName: carrier.party, vendorName: vendor.party }, line.line);
}

const roster = (name: string, person: string): RosterDocument => ({
  roster: name,
  people: [{ id: person, name: person, mail: `${person}@example.com` }],
  rotation: [{ turn: "daily", handover: "09:00", zone: "America/Toronto", start: "2026-03-06", order: [person] }],
});

test("a case that names no line runs under the default line of the carrier", async () => {
  const story = await stage.story(handheld);
  const { carrier } = story.cast;
  await carrier.put("/v1/lines/default", { name: "handheld-consumer" });
  // Intake reads the default line from Kafka, so the first cases can still get the built-in line.
  await waitFor(async () => {
    const probe = { carrierCaseId: crypto.randomUUID(), severity: "minor", title: "A probe", channel: "web" };
    const { line } = await carrier.post<CaseResponse & { line: { name: string } }>("/v1/cases", probe);
    return line.name === "handheld-consumer";
  });
  await story.open({ line: undefined });
  expect(await story.read()).toMatchObject({ line: { name: "handheld-consumer" } });
  await story.talkUntil("09:20");
  await story.advance("09:20:01");
  expect((await story.fired()).at(-1)).toBe("09:20:00 stall.busy 100");
  expect(await queuesOf(story)).toEqual(["09:20:00 handheld"]);
});

test("a step outside the hours of the vendor's calendar is skipped at once on Saturday", async () => {
  const story = await begin((carrier, vendor) => ({
    line: "with-hours",
    calendar: "24x7",
    clocks: [{ kind: "stall.busy", target: "PT20M" }],
    crossing: [
      { to: `queue:${vendor}.handheld`, hours: `${vendor}/office`, mode: "live-assist", acceptWithin: "PT90S" },
      { to: `queue:${vendor}.tier2`, acceptWithin: "PT30M" },
    ],
    lastResort: [`roster:${carrier}.managers`],
  }));
  await story.open();
  await story.talkUntil("09:20");
  await story.advance("09:20:01");
  expect(await queuesOf(story)).toEqual(["09:20:00 tier2"]);
});

test("an unclaimed case goes to the next queue, the roster on duty, and the duty managers of both companies, until a person takes it", async () => {
  const story = await begin((carrier, vendor) => ({
    line: "with-managers",
    calendar: "24x7",
    clocks: [{ kind: "stall.busy", target: "PT20M" }],
    crossing: [
      { to: `queue:${vendor}.handheld`, mode: "live-assist", acceptWithin: "PT90S" },
      { to: `queue:${vendor}.tier2`, acceptWithin: "PT5M" },
      { to: `roster:${vendor}.duty`, acceptWithin: "PT5M" },
    ],
    lastResort: [`roster:${carrier}.managers`, `roster:${vendor}.managers`],
  }));
  await story.open();
  await story.talkUntil("09:20");
  await story.advance("09:39");
  expect(await queuesOf(story)).toEqual(["09:20:00 handheld", "09:21:30 tier2"]);
  const { carrierName, vendorName, vendor } = story.cast;
  // No person of the duty roster took the case within five minutes. Routing called the managers at 09:31:30, and after 1, 2 and 4 minutes.
  const calls = ["09:31:30", "09:32:30", "09:34:30", "09:38:30"];
  const expected = [
    `09:26:30 ${vendorName}.duty orchard-duty`,
    ...calls.flatMap((time) => [
      `${time} ${carrierName}.managers northtel-managers`,
      `${time} ${vendorName}.managers orchard-managers`,
    ]),
  ];
  expect(await pagesOf(story)).toEqual(expected);
  const engineer = { name: "M. Duty", contact: "m@orchard.example" };
  await vendor.post(`${story.path}/take`, { engineer, person: "orchard-managers" });
  await story.advance("10:30");
  expect(await pagesOf(story)).toEqual(expected);
});

/** Returns the pages that routing has published about the case: "09:26:30 orchard.duty ada". */
async function pagesOf({ caseId }: Story): Promise<string[]> {
  await waitFor(() => witness.isAtEnd(), { timeoutMs: 10_000 });
  return witness.records
    .filter(({ key, type }) => key === caseId && type === "roster.paged")
    .map(({ time, data }) => {
      const { roster: paged, people } = data as EventData<"roster.paged">;
      return `${clockTime(formatInstant(time))} ${paged} ${people.join(",")}`;
    });
}

test("every further case of the same symptom and model is offered with the fix as a known error", async () => {
  const story = await stage.story(handheld);
  const model = (name: string) => ({ device: { vendor: story.cast.vendorName, model: name } });
  const first = await crossedBrief(story, {});
  expect(first.brief.knownErrors ?? []).toEqual([]);
  const claim = await story.claim("handheld", first.handoffId);
  await story.accept("handheld", first.handoffId, claim);
  const fix = { token: claim.token, fixCode: "memory-full" };
  await story.cast.vendor.post(`${story.handoffPath("handheld", first.handoffId)}/resolve`, fix);
  await story.advance("09:01");
  for (const more of [{ severity: "minor" }, { severity: "critical" }])
    expect((await crossedBrief(story, more)).brief.knownErrors).toMatchObject([{ fixCode: "memory-full" }]);
  expect((await crossedBrief(story, model("Slate 2"))).brief.knownErrors ?? []).toEqual([]);
  expect((await crossedBrief(story, { symptom: "no-sound" })).brief.knownErrors ?? []).toEqual([]);
});

/** Opens a case and requests its crossing. Returns the offer, as the desk of the vendor reads it. */
async function crossedBrief(story: Story, more: object): Promise<{ handoffId: string; brief: Brief }> {
  await story.open({ call: false, ...more });
  const { version } = await story.cast.carrier.get<CaseResponse>(story.path);
  await story.cast.carrier.post(`${story.path}/crossings`, { asOf: version });
  const offer = (await story.queue("handheld")).find(({ caseId }) => caseId === story.caseId);
  if (offer === undefined) throw new Error("the case was not offered");
  return offer;
}
