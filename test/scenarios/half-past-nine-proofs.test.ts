import {
  type Cast,
  Play,
  listFirings,
  listPages,
  openKeys,
  playKeys,
  prepareKeys,
  retryWhileRefused,
} from "@crossline/cli";
import { type EventData, parseInstant, topics } from "@crossline/contracts";
import { waitFor } from "@crossline/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Stage, openStage } from "./stage.ts";
import type { Witness } from "./witness.ts";

/* Story 5: the class of the case decides, not the customer. Pages, offers and promises are on record, and the instants are those of 2006. */

let stage: Stage;
let witness: Witness;
beforeAll(async () => {
  stage = await openStage();
  witness = await stage.witness(topics.case, topics.handoff);
});
afterAll(async () => {
  await witness?.stop();
  await stage?.close();
});

const silent = (): void => {};
async function cast(): Promise<Cast> {
  const [carrier, vendor] = [await stage.party("northtel", "carrier"), await stage.party("orchard", "vendor")];
  const company = ({ client, party: name }: typeof carrier) => ({ client, name });
  return retryWhileRefused(() => prepareKeys(company(carrier), company(vendor)));
}

/** Returns the events of a type that the witness has read about a case. */
async function published<Type extends "roster.paged" | "promise.made" | "promise.delivered" | "promise.withdrawn">(
  type: Type,
  timeline: string,
) {
  await waitFor(() => witness.isAtEnd(), { timeoutMs: 10_000 });
  return witness.records
    .filter((record) => record.type === type && record.timeline === timeline)
    .map(({ key, time, data }) => ({ caseId: key, time, data: data as EventData<Type> }));
}

test("the opening at 19:46 has 13 h 44 min to the need-by, and the page of the emergency roster is on record with its reason", async () => {
  const { play, opened } = await openKeys(await cast(), silent);
  expect(opened.case).toMatchObject({ openedAt: "2006-11-01T00:46:00Z", needBy: "2006-11-01T09:30:00-05:00" });
  expect(parseInstant("2006-11-01T14:30:00Z") - parseInstant(opened.case.openedAt)).toBe((13 * 60 + 44) * 60_000);
  expect(opened.case.feasibility).toEqual({
    verdict: "red",
    latestSafeCrossing: "2006-10-31T14:30:00Z",
    spare: "-PT10H16M",
  });
  await play.until("19:47");
  const pages = await published("roster.paged", play.timeline);
  expect(pages).toMatchObject([
    {
      caseId: play.caseId,
      time: parseInstant("2006-11-01T00:46:00Z"),
      data: { roster: `${play.cast.names.vendor}.emergency`, reason: "emergency", kind: "need-by", nobody: false },
    },
  ]);
});

test("the class of the case brings the emergency page, and neither the name of the customer nor a personal contact does", async () => {
  const prepared = await cast();
  const open = async (more: object) => {
    const play = await Play.begin(prepared, "2006-10-31T19:46", "America/Toronto", silent);
    const { case: one } = await prepared.carrier.post<{ case: { id: string; line: { name: string } } }>(
      "/v1/contacts",
      {
        carrierCaseId: "NT-1",
        timeline: play.timeline,
        kind: "developer-keys",
        severity: "critical",
        title: "Signing keys are spent",
        channel: "web",
        device: { vendor: prepared.names.vendor, model: "Signing service" },
        needBy: "2006-11-01T09:30:00-05:00",
        subject: { name: "A. Developer", customerId: "DEV-12" },
        ...more,
      },
    );
    play.caseId = one.id;
    await play.until("19:47");
    return { line: one.line.name, pages: (await listPages(play)).map(({ to }) => to) };
  };
  const stranger = await open({});
  expect(stranger).toEqual({ line: "developer-keys", pages: ["lena@emergency.example"] });
  const friend = { name: "A Friend of Orchard", customerId: "VIP-1", email: "friend@orchard.example" };
  expect(await open({ subject: friend })).toEqual(stranger);
  expect(await open({ channel: "phone", subject: friend })).toEqual(stranger);
  expect(await open({ kind: "question", subject: friend })).toMatchObject({ line: "default", pages: [] });
});

test("the offer to drive in and its refusal are entries that both companies read", async () => {
  const prepared = await cast();
  const { caseId, timeline } = await playKeys(prepared, silent);
  type Entries = { items: { kind: string; text: string; at: string; author: { party: string } }[] };
  for (const company of [prepared.carrier, prepared.vendor]) {
    const { items } = await company.get<Entries>(`/v1/cases/${caseId}/entries?limit=100`);
    const ofTheNight = items.filter(({ at }) => at === "2006-11-01T03:10:00Z");
    expect(ofTheNight.map(({ kind, text, author }) => [author.party, kind, text])).toEqual([
      [prepared.names.vendor, "message", "I can drive in now, 45 minutes."],
      [prepared.names.carrier, "decision", "Declined with thanks: it can wait until the morning."],
    ]);
  }
  // The promise of the night names its promisor, and the case shows the latest safe crossing.
  const window = { from: "2006-11-01T07:00:00-05:00", until: "2006-11-01T07:30:00-05:00" };
  expect(await prepared.carrier.get(`/v1/cases/${caseId}`)).toMatchObject({
    feasibility: { latestSafeCrossing: "2006-10-31T14:30:00Z" },
    promises: [{ promisor: prepared.names.vendor, ...window, state: "kept", margin: "PT2H15M" }],
  });
  expect(await published("promise.made", timeline)).toMatchObject([
    { caseId, time: parseInstant("2006-11-01T02:45:00Z"), data: { promisor: prepared.names.vendor } },
  ]);
});

test("the share of kept promises of each company is the same when it is recomputed from the events", async () => {
  const { play } = await openKeys(await cast(), silent);
  const { carrier, vendor } = play.cast.names;
  await crossAndAccept(play);
  const promise = async (by: "carrier" | "vendor", until: string): Promise<string> =>
    (await play[by]<{ id: string }>("promises", { text: "A call", until: play.at(until) })).id;
  const kept = [await promise("vendor", "20:30"), await promise("vendor", "20:30"), await promise("carrier", "20:30")];
  const late = [await promise("vendor", "20:00")];
  await promise("carrier", "20:30");
  const withdrawn = await promise("carrier", "23:00");
  await promise("vendor", "23:30");
  await play.until("20:30");
  for (const id of [...kept, ...late]) await play.carrier(`promises/${id}/delivered`, { evidence: "called" });
  await play.carrier(`promises/${withdrawn}/withdrawn`, { reason: "The customer called first" });
  await play.until("20:45");

  const rates = await recompute(play);
  expect(rates).toEqual({
    [carrier]: { kept: 1, late: 0, broken: 1, open: 0, withdrawn: 1, keptRate: 50 },
    [vendor]: { kept: 2, late: 1, broken: 0, open: 1, withdrawn: 0, keptRate: 67 },
  });
  type Report = { items: ({ promisor: string } & Rates)[] };
  const { items } = await play.cast.carrier.get<Report>(`/v1/reports/promises?timeline=${play.timeline}`);
  expect(Object.fromEntries(items.map(({ promisor, ...counts }) => [promisor, counts]))).toEqual(rates);
});

type Rates = Record<"kept" | "late" | "broken" | "open" | "withdrawn" | "keptRate", number>;

/** Counts the promises of each company from the records of the case topic, independently of the services. */
async function recompute(play: Play): Promise<Record<string, Rates>> {
  const rates: Record<string, Rates> = {};
  const delivered = await published("promise.delivered", play.timeline);
  const withdrawn = await published("promise.withdrawn", play.timeline);
  for (const { data } of await published("promise.made", play.timeline)) {
    const { promiseId, promisor, until } = data;
    const counts = (rates[promisor] ??= { kept: 0, late: 0, broken: 0, open: 0, withdrawn: 0, keptRate: 0 });
    const delivery = delivered.find((one) => one.data.promiseId === promiseId);
    if (delivery !== undefined) counts[delivery.time <= parseInstant(until) ? "kept" : "late"]++;
    else if (withdrawn.some((one) => one.data.promiseId === promiseId)) counts.withdrawn++;
    else counts[parseInstant(until) < parseInstant(play.now) ? "broken" : "open"]++;
  }
  for (const counts of Object.values(rates))
    counts.keptRate = Math.round((100 * counts.kept) / (counts.kept + counts.late + counts.broken));
  return rates;
}

async function crossAndAccept(play: Play): Promise<void> {
  const { version } = await play.cast.carrier.get<{ version: number }>(play.path);
  await play.carrier("crossings", { asOf: version });
  const [offer] = await play.queue("signing");
  const words = { vendorCaseId: "OR-7781", nextStep: "keys", eta: "2006-11-01T07:30:00-05:00", tried: "nothing" };
  const engineer = { name: "Ivo Marsh", contact: "ivo@orchard.example" };
  await play.accept("signing", offer?.handoffId ?? "", engineer, words);
}

test("a deadline on 1 November 2006 has the offset of that year; the rules since 2007 would be wrong by an hour", async () => {
  const prepared = await cast();
  const { carrier, vendor, names } = prepared;
  const hours = ["09:00-17:00"];
  const week = { mon: hours, tue: hours, wed: hours, thu: hours, fri: hours };
  await vendor.post("/v1/calendars", { calendar: "desk", zone: "America/Toronto", week });
  await carrier.post("/v1/lines", {
    line: "desk-hours",
    calendar: `${names.vendor}/desk`,
    clocks: [{ kind: "stall.idle", target: "PT1H" }],
    crossing: [{ to: `queue:${names.vendor}.signing`, acceptWithin: "PT1H" }],
    lastResort: [`roster:${names.carrier}.duty`],
  });
  const firingOf = async (year: number): Promise<readonly string[]> => {
    const play = await Play.begin(
      { ...prepared, line: "desk-hours" },
      `${year}-10-31T19:46`,
      "America/Toronto",
      silent,
    );
    const opening = {
      carrierCaseId: "NT-1",
      timeline: play.timeline,
      line: "desk-hours",
      title: "Keys",
      channel: "mail",
    };
    play.caseId = (await carrier.post<{ id: string }>("/v1/cases", opening)).id;
    await play.until(`${year}-11-01T10:30`);
    return (await listFirings(play)).filter((fired) => fired.includes("stall.idle"));
  };
  // The desk opens at nine on the next morning, and the hour ends at ten: at UTC-5 in 2006, and at UTC-4 in 2007.
  const [in2006, in2007] = [await firingOf(2006), await firingOf(2007)];
  expect(in2006).toEqual(["2006-11-01T15:00:00Z stall.idle 100"]);
  expect(in2007).toEqual(["2007-11-01T14:00:00Z stall.idle 100"]);
  const byLaterRules = parseInstant("2006-11-01T10:00:00-04:00");
  expect(parseInstant("2006-11-01T15:00:00Z") - byLaterRules).toBe(3_600_000);
});
