import type { DutyResponse } from "@crossline/contracts";
import { afterEach, expect, test, vi } from "vitest";
import { page as browser } from "vitest/browser";
import { RostersScreen } from "../src/rosters/rosters-screen.tsx";
import { lead, stand } from "./stand.tsx";

afterEach(async () => {
  vi.unstubAllGlobals();
  await browser.viewport(414, 896);
});

const week = { from: "2026-03-02T00:00:00Z", to: "2026-03-09T12:00:00Z" };
const own: DutyResponse["rosters"][number] = {
  roster: { party: "northtel", name: "duty" },
  until: week.to,
  coverage: [
    { from: week.from, to: "2026-03-08T00:00:00Z", state: "covered" },
    { from: "2026-03-08T00:00:00Z", to: week.to, state: "gap" },
  ],
  own: {
    version: 1,
    shifts: [
      { from: week.from, to: "2026-03-05T00:00:00Z", layer: "layer-1", person: "ada" },
      { from: "2026-03-05T00:00:00Z", to: "2026-03-08T00:00:00Z", layer: "layer-1", person: "ben" },
    ],
    people: [
      { person: "ada", name: "Ada Lovett", quiet: { from: "22:00", to: "06:00", zone: "UTC" } },
      { person: "ben", name: "Ben Okri", unreachable: "this installation sends no mail" },
    ],
  },
};
const document = {
  roster: { party: "northtel", name: "duty", version: 1 },
  document: {
    roster: "duty",
    people: [],
    rotation: [{ turn: "weekly", handover: "00:00", zone: "UTC", start: "2026-03-02", order: ["ada"] }],
  },
  createdAt: week.from,
};
const show = (rosters: unknown, me = lead, view = "") =>
  stand({
    Screen: RostersScreen,
    path: "/app/rosters",
    address: `/app/rosters?week=2026-03-04${view}`,
    me,
    respond: (path) => {
      if (path.startsWith("/v1/rosters")) return { items: [document] };
      return path.startsWith("/v1/duty") ? (rosters instanceof Response ? rosters : { ...week, rosters }) : undefined;
    },
  });

test("a company without rosters reads so", async () => {
  const { page } = await show([]);
  await expect.element(page.getByText(/Your company has no roster/)).toBeVisible();
});

test("a fault is shown, and the weeks stay usable", async () => {
  const { page } = await show(Response.json({ title: "Routing is not available" }, { status: 400 }));
  await expect.element(page.getByRole("alert").getByText("Routing is not available")).toBeVisible();
  await expect.element(page.getByRole("link", { name: "Next week →" })).toBeVisible();
});

test("a picture names each person and gap without colour, and a bar opens the override of its time", async () => {
  await browser.viewport(1280, 800);
  const { page } = await show([own]);
  await expect.element(page.getByText("times in UTC")).toBeVisible();
  await expect.element(page.getByRole("button", { name: /Ben Okri, .* cannot be reached/ })).toBeVisible();
  await expect.element(page.getByText(/this installation sends no mail/)).toBeVisible();
  await expect.element(page.getByText("✕ gap")).toBeVisible();
  await page.getByRole("button", { name: /Ada Lovett/ }).click();
  await expect.element(page.getByLabelText("From (UTC)")).toHaveValue("2026-03-02T00:00");
  await expect.element(page.getByLabelText("Until (UTC)")).toHaveValue("2026-03-05T00:00");
});

test("a bar that is too narrow for a name shows the initials only, and a gap its sign", async () => {
  await browser.viewport(768, 1024);
  const day = own.own?.shifts.map((shift) => ({
    ...shift,
    to: new Date(Date.parse(shift.from) + 86_400_000).toISOString(),
  }));
  const short = { ...own, coverage: [{ from: week.from, to: "2026-03-02T06:00:00Z", state: "gap" }] };
  const { page } = await show([{ ...short, own: { ...own.own, shifts: day } }]);
  const bar = page.getByRole("button", { name: /Ada Lovett, Mon 2 Mar/ });
  await expect.element(bar).toBeVisible();
  const isShown = (text: string, within: Element): boolean => {
    const part = [...within.querySelectorAll(".fitting > *")].find(({ textContent }) => textContent === text);
    const [box, row] = [part?.getBoundingClientRect(), part?.parentElement?.getBoundingClientRect()];
    return box !== undefined && row !== undefined && box.bottom <= row.bottom + 1 && box.right <= row.right;
  };
  expect([isShown("AL", bar.element()), isShown("Ada Lovett", bar.element())]).toEqual([true, false]);
  const gap = page.getByRole("list", { name: "Coverage" }).getByText(/^gap, Mon 2 Mar/);
  await expect.element(gap).toBeInTheDocument();
  const sign = gap.element().closest("li") as Element;
  expect([isShown("✕", sign), isShown("gap", sign)]).toEqual([true, false]);
});

test("a person without the scope for rosters sees the bars, and has no override", async () => {
  await browser.viewport(1280, 800);
  const { page } = await show([own], { ...lead, scopes: ["read"] });
  await expect.element(page.getByText(/Ada Lovett, Mon 2 Mar/)).toBeInTheDocument();
  await expect.element(page.getByRole("button", { name: "Override" })).not.toBeInTheDocument();
  await expect.element(page.getByRole("button", { name: /Ada Lovett/ })).not.toBeInTheDocument();
});

test("a small window has a list of days instead of the picture", async () => {
  await browser.viewport(320, 640);
  const { page } = await show([own]);
  await expect.element(page.getByRole("heading", { name: "Mon 2 Mar" })).toBeVisible();
  await expect.element(page.getByText(/quiet 22:00–24:00/).first()).toBeVisible();
  await expect.element(page.getByRole("list", { name: "Coverage" })).not.toBeInTheDocument();
});

test("of another company, a table has covered times and gaps only", async () => {
  const { own: _, ...foreign } = own;
  const { page } = await show([{ ...foreign, roster: { party: "orchard", name: "desk" } }], lead, "&view=table");
  await expect.element(page.getByRole("heading", { name: "orchard · desk" })).toBeVisible();
  await expect.element(page.getByText("✕ no person is on duty")).toBeVisible();
  await expect.element(page.getByRole("button", { name: "Override" })).not.toBeInTheDocument();
});
