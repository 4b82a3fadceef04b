import { showDuty } from "@crossline/cli";
import { type DutyResponse, parseInstant } from "@crossline/contracts";
import { waitFor } from "@crossline/testing";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { type Stage, openStage } from "./stage.ts";

/* A carrier reads who is on duty at its own company, and only whether the rosters of the vendor on its lines are covered. */

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ inProcess: true });
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});
afterAll(() => stage?.close());

const layer = { turn: "daily", handover: "09:00", zone: "America/Toronto", start: "2026-03-02" };
const window = "from=2026-03-02T14:00:00Z&to=2026-03-04T14:00:00Z";
const rosterOf = (name: string, person: string, more: object = {}) => ({
  roster: name,
  people: [
    {
      id: person,
      name: `Marker ${person}`,
      mail: `${person}@duty.example`,
      quiet: { from: "22:00", to: "06:00", zone: "America/Toronto" },
    },
    { id: `${person}-2`, name: `Marker ${person} 2`, url: "https://pager.duty.example/ring" },
  ],
  rotation: [{ ...layer, order: [person, `${person}-2`], ...more }],
});

test("a carrier reads its own shifts, and of the vendor's roster on its line only covered times and gaps", async () => {
  const carrier = await stage.party("northtel", "carrier");
  const vendor = await stage.party("orchard", "vendor");
  await waitFor(() => carrier.client.post("/v1/rosters", rosterOf("duty", "ada")), { timeoutMs: 5_000 });
  const hours = { mon: ["09:00-17:00"], tue: ["09:00-17:00"] };
  await waitFor(() => vendor.client.post("/v1/rosters", rosterOf("desk", "zyx", { hours })), { timeoutMs: 5_000 });
  await vendor.client.post("/v1/rosters", rosterOf("secret", "qqq"));
  await carrier.client.post("/v1/lines", {
    line: "paged",
    calendar: "24x7",
    clocks: [{ kind: "stall.busy", target: "PT20M" }],
    crossing: [{ to: `roster:${vendor.party}.desk`, acceptWithin: "PT10M" }],
    lastResort: [`roster:${carrier.party}.duty`],
  });
  const duty = await carrier.client.get<DutyResponse>(`/v1/duty?${window}`);
  expect(duty.rosters.map(({ roster }) => `${roster.party}.${roster.name}`)).toEqual([
    `${carrier.party}.duty`,
    `${vendor.party}.desk`,
  ]);
  const [own, other] = duty.rosters;
  expect(own?.coverage).toEqual([{ from: duty.from, to: duty.to, state: "covered" }]);
  expect(own?.own).toMatchObject({
    version: 1,
    shifts: [
      { from: "2026-03-02T14:00:00Z", to: "2026-03-03T14:00:00Z", layer: "layer-1", person: "ada" },
      { from: "2026-03-03T14:00:00Z", to: "2026-03-04T14:00:00Z", layer: "layer-1", person: "ada-2" },
    ],
    people: [
      {
        person: "ada",
        quiet: { from: "22:00", to: "06:00" },
        unreachable: expect.stringContaining("sends no mail") as string,
      },
      { person: "ada-2", name: "Marker ada 2" },
    ],
  });
  expect(own?.own?.people[1]).not.toHaveProperty("unreachable");
  expect(other).toEqual({
    roster: { party: vendor.party, name: "desk" },
    until: duty.to,
    coverage: [
      { from: "2026-03-02T14:00:00Z", to: "2026-03-02T22:00:00Z", state: "covered" },
      { from: "2026-03-02T22:00:00Z", to: "2026-03-03T14:00:00Z", state: "gap" },
      { from: "2026-03-03T14:00:00Z", to: "2026-03-03T22:00:00Z", state: "covered" },
      { from: "2026-03-03T22:00:00Z", to: "2026-03-04T14:00:00Z", state: "gap" },
    ],
  });
  expect(JSON.stringify(duty)).not.toMatch(/zyx|qqq/);

  const texts: string[] = [];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => texts.push(String(text)) > 0);
  vi.stubEnv("CROSSLINE_KEY", carrier.key);
  expect(await showDuty({ url: stage.url, at: parseInstant("2026-03-02T14:00:00Z"), days: 2 })).toBe(0);
  const printed = texts.join("");
  expect(printed).toMatch(/2026-03-03T14:00:00Z +2026-03-04T14:00:00Z +layer-1 +ada-2/);
  expect(printed).toContain("ada cannot be reached by this installation");
  expect(printed).toContain("gap: 2026-03-02T22:00:00Z to 2026-03-03T14:00:00Z");

  const ofVendor = await vendor.client.get<DutyResponse>(`/v1/duty?${window}`);
  expect(ofVendor.rosters.map(({ roster }) => roster.name)).toEqual(["desk", "secret"]);
  expect(JSON.stringify(ofVendor)).not.toContain("ada");
  const stranger = await stage.party("stranger", "carrier");
  expect((await stranger.client.get<DutyResponse>("/v1/duty")).rosters).toEqual([]);
  await expect(stranger.client.get(`/v1/duty?party=${carrier.party}`)).rejects.toMatchObject({ code: "not_found" });
  const ofOperator = await stage.operator.get<DutyResponse>(`/v1/duty?party=${carrier.party}&${window}`);
  expect(ofOperator).toEqual(duty);
});

test("a window has at most 31 days, and ends after its start", async () => {
  const { client } = await stage.party("northtel", "carrier");
  const read = (to: string) => client.get<DutyResponse>(`/v1/duty?from=2026-03-02T14:00:00Z&to=${to}`);
  expect(await read("2026-04-02T14:00:00Z")).toMatchObject({ rosters: [] });
  for (const wrong of ["2026-04-02T14:00:01Z", "2026-03-02T14:00:00Z", "2026-03-01T14:00:00Z"])
    await expect(read(wrong)).rejects.toMatchObject({ code: "invalid_request" });
});
