import { waitFor } from "@crossline/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Stage, openStage } from "./stage.ts";

/*
 * Real services run on the wall timeline, without a mail server. A roster has only mail addresses, so its page reaches
 * no person. The line takes the next step at once, instead of after half an hour. A ring test shows in advance that the
 * roster is unreachable.
 */

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

const roster = {
  roster: "duty",
  people: [{ id: "ada", name: "Ada Lovett", mail: "ada@orchard.example" }],
  rotation: [{ turn: "weekly", handover: "09:00", zone: "America/Toronto", start: "2026-03-02", order: ["ada"] }],
};
type RosterWarnings = { readonly warnings?: readonly { readonly at: string }[] };
type RingTestOutcome = {
  readonly people: readonly { readonly addresses: readonly { readonly outcome: string; why?: string }[] }[];
};
type Handoffs = { readonly handoffs: readonly { readonly reason: string; readonly queue: string }[] };

test("⚠ without a mail server, lint and a ring test show that a roster of mail addresses is unreachable, and its step ends at once", async () => {
  const [carrier, vendor] = [await stage.party("northtel", "carrier"), await stage.party("orchard", "vendor")];
  await waitFor(() => vendor.client.post("/v1/rosters", roster), { timeoutMs: 10_000 });
  await waitFor(async () => {
    const { warnings = [] } = await vendor.client.post<RosterWarnings>("/v1/rosters/lint", roster);
    return warnings.some(({ at }) => at === "/people/0");
  });
  const { ringTestId } = await vendor.client.post<{ ringTestId: string }>("/v1/rosters/duty/ring-test");
  await waitFor(async () => {
    const { people } = await vendor.client.get<RingTestOutcome>(`/v1/rosters/duty/ring-tests/${ringTestId}`);
    return people[0]?.addresses[0]?.outcome === "not-dialled" && people[0].addresses[0].why === "mail-off";
  });
  const line = {
    line: "paged-first",
    calendar: "24x7",
    clocks: [{ kind: "stall.busy", target: "PT20M" }],
    crossing: [
      { to: `roster:${vendor.party}.duty`, acceptWithin: "PT30M", repeat: 3 },
      { to: `queue:${vendor.party}.handheld`, mode: "ticket" },
    ],
    lastResort: [`roster:${vendor.party}.duty`],
  };
  await waitFor(() => carrier.client.post("/v1/lines", line), { timeoutMs: 10_000 });
  const opening = { carrierCaseId: "R-1", line: "paged-first", title: "No signal", channel: "mail" };
  const { id, version } = await carrier.client.post<{ id: string; version: number }>("/v1/cases", {
    ...opening,
    device: { vendor: vendor.party, model: "Handheld 8700" },
  });
  const since = Date.now();
  await carrier.client.post(`/v1/cases/${id}/crossings`, { asOf: version, reason: "no person knows" });
  await waitFor(
    async () => {
      const { handoffs } = await carrier.client.get<Handoffs>(`/v1/cases/${id}/handoffs`);
      return handoffs.length === 1 && handoffs[0]?.reason === "unreachable";
    },
    { timeoutMs: 20_000 },
  );
  // If routing had not skipped the roster, it would first have waited for three attempts of half an hour each.
  expect(Date.now() - since).toBeLessThan(60_000);
});
