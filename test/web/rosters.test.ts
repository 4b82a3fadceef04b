import type { DutyResponse } from "@crossline/contracts";
import { waitFor } from "@crossline/testing";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Stage, openStage } from "../scenarios/stage.ts";
import { isSkipped, launchChromium, visit } from "./visit.ts";

/* A lead of a carrier overrides a shift: by a drag on the picture, and by keyboard alone. The week has the change to summer time. */

const layer = { turn: "daily", handover: "09:00", zone: "America/Toronto", start: "2026-03-02" };
const people = [
  {
    id: "ada",
    name: "Ada Lovett",
    mail: "ada@duty.example",
    quiet: { from: "22:00", to: "06:00", zone: "America/Toronto" },
  },
  { id: "ben", name: "Ben Okri", url: "https://pager.duty.example/ben" },
];

describe.skipIf(isSkipped)("a lead with the scope for rosters", () => {
  let stage: Stage;
  let browser: Browser;
  let carrier: Awaited<ReturnType<Stage["party"]>>;
  beforeAll(async () => {
    [stage, browser] = await Promise.all([openStage({ console: true, inProcess: true }), launchChromium()]);
    carrier = await stage.party("northtel", "carrier");
    const vendor = await stage.party("orchard", "vendor");
    const roster = { roster: "duty", title: "Duty managers", people, rotation: [{ ...layer, order: ["ada", "ben"] }] };
    await waitFor(() => carrier.client.post("/v1/rosters", roster), { timeoutMs: 5_000 });
    const hours = { mon: ["09:00-17:00"], tue: ["09:00-17:00"], wed: ["09:00-17:00"] };
    const desk = { roster: "desk", people, rotation: [{ ...layer, order: ["ada"], hours }] };
    await waitFor(() => vendor.client.post("/v1/rosters", desk), { timeoutMs: 5_000 });
    await carrier.client.post("/v1/lines", {
      line: "paged",
      calendar: "24x7",
      clocks: [{ kind: "stall.busy", target: "PT20M" }],
      crossing: [{ to: `roster:${vendor.party}.desk`, acceptWithin: "PT10M" }],
      lastResort: [`roster:${carrier.party}.duty`],
    });
  });
  afterAll(() => Promise.all([browser?.close(), stage?.close()]));

  const open = async (theme: "light" | "dark" = "light") => {
    const { path } = await carrier.client.post<{ path: string }>("/v1/sign-in-links", {
      person: "lead-1",
      roles: ["lead"],
    });
    // The browser is in another zone than the roster.
    const visited = await visit(browser, `${stage.url}/app/rosters?week=2026-03-02${path.slice(1)}`, {
      theme,
      zone: "Europe/Berlin",
    });
    await visited.page.getByRole("heading", { name: "duty Duty managers" }).waitFor();
    return visited;
  };
  const shifts = async () => {
    const duty = await carrier.client.get<DutyResponse>("/v1/duty?from=2026-03-02T14:00:00Z&to=2026-03-09T14:00:00Z");
    return duty.rosters[0]?.own?.shifts.map(({ from, to, person }) => `${from} ${to} ${person}`);
  };

  test("overrides a shift by a drag on the picture", async () => {
    const { page, expectAccessible, expectReflow, end } = await open();
    const own = page.getByRole("region", { name: "duty Duty managers" });
    await own.getByText("times in Toronto").waitFor();
    await own.getByText("23 h").waitFor();
    const others = page.getByRole("region", { name: /desk/ });
    await others.getByText("✕ gap").first().waitFor();
    expect(await others.innerText()).not.toContain("Ada");
    await expectAccessible();
    await expectReflow();
    const track = own.getByRole("list", { name: "Layer layer-1" });
    const box = await track.boundingBox();
    if (box === null) throw new Error("The picture has no lane.");
    // Of 167 hours, the drag covers Wednesday from 12:00 to 18:00.
    const xOf = (hour: number): number => box.x + (box.width * hour) / 167;
    await page.mouse.move(xOf(60), box.y + 10);
    await page.mouse.down();
    await page.mouse.move(xOf(63), box.y + 10);
    await page.mouse.move(xOf(66), box.y + 10);
    await page.mouse.up();
    await page.getByLabel("From (Toronto)").waitFor();
    expect(await page.getByLabel("From (Toronto)").inputValue()).toBe("2026-03-04T12:00");
    expect(await page.getByLabel("Until (Toronto)").inputValue()).toBe("2026-03-04T18:00");
    await expectAccessible();
    await page.getByLabel("Person on duty").selectOption("Ben Okri");
    await page.getByRole("button", { name: "Set the override" }).click();
    await page.getByText(/The override is in version 2/).waitFor();
    await page.getByRole("button", { name: /Ben Okri, Wed 4 Mar 12:00 to 18:00/ }).waitFor();
    expect(await shifts()).toContain("2026-03-04T17:00:00Z 2026-03-04T23:00:00Z ben");
    await end();
  });

  test("overrides a shift by keyboard alone, and reads the result as a table, with the dark theme", async () => {
    const { page, expectAccessible, end } = await open("dark");
    await expectAccessible();
    const own = page.getByRole("region", { name: "duty Duty managers" });
    await own.getByRole("button", { name: "Override" }).focus();
    await page.keyboard.press("o");
    await page.getByRole("dialog").waitFor();
    await page.getByLabel("Person on duty").focus();
    await page.keyboard.type("No person");
    for (const [label, value] of [
      ["From (Toronto)", "2026-03-08T01:00"],
      ["Until (Toronto)", "2026-03-08T04:00"],
    ] as const) {
      await page.getByLabel(label).focus();
      await page.getByLabel(label).fill(value);
    }
    await page.keyboard.press("Enter");
    await page.getByText(/The override is in version 3/).waitFor();
    await expect.poll(() => page.evaluate<string>("document.activeElement?.textContent")).toBe("Override");
    await page.getByRole("button", { name: "Table" }).focus();
    await page.keyboard.press("Enter");
    await expectAccessible();
    await own.getByRole("row", { name: /Sun 8 Mar 01:00 to 04:00 gap/ }).waitFor();
    expect(await page.evaluate<string>("document.activeElement?.textContent")).toBe("Table");
    // Two hours, because the clock change skips one.
    expect((await shifts())?.join()).not.toContain("2026-03-08T06:00:00Z 2026-03-08T08:00:00Z");
    await end();
  });
});
