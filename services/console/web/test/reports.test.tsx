import type { Report } from "@crossline/contracts";
import { afterEach, expect, test, vi } from "vitest";
import { ReportsScreen } from "../src/reports/reports-screen.tsx";
import { stand } from "./stand.tsx";

afterEach(() => vi.unstubAllGlobals());

const indicators = {
  items: [
    {
      indicator: "first-contact-resolution",
      title: "First-contact resolution",
      definition: "Counts settled cases.",
      unit: "share",
      dimensions: ["os", "model"],
    },
  ],
};
const reportOf = (items: Report["items"], asOf: Report["asOf"] = { state: "current" }): Report => ({
  indicator: "first-contact-resolution",
  party: "northtel",
  timeline: "wall",
  unit: "share",
  asOf,
  items,
  omitted: 0,
});
const show = (address: string, report: unknown, cases: unknown = { items: [] }) => {
  const paths: string[] = [];
  return stand({
    Screen: ReportsScreen,
    path: "/app/reports",
    address,
    respond: (path) => {
      paths.push(path);
      if (path === "/v1/reports") return indicators;
      if (path.includes("/before-after")) {
        return {
          ...reportOf([]),
          before: { value: 0.4, count: 60 },
          after: { value: 0.65, count: 80 },
          result: { state: "compared", difference: 0.25, low: 0.08, high: 0.4, confidence: 0.95 },
        };
      }
      if (path.includes("/cases")) return cases;
      return path.startsWith("/v1/reports/first-contact-resolution") ? report : undefined;
    },
  }).then((stood) => ({ ...stood, paths }));
};

test("a row has its value, and its cases are listed with links; a group without a value has no list", async () => {
  const parts = { solved: 1, settled: 2 };
  const { page, paths } = await show(
    "/app/reports?by=os",
    reportOf([
      { group: { os: "PocketOS" }, value: 0.5, count: 2, parts },
      { group: { os: null }, value: null, count: 0, parts },
    ]),
    { items: [{ caseId: "cs_1", id: "cs_1", at: "2026-03-02T09:10:00Z", value: 1, other: null }] },
  );
  await expect.element(page.getByText("50 %")).toBeVisible();
  await expect.element(page.getByText("nothing to count")).toBeVisible();
  await expect.element(page.getByText("no list without a value")).toBeVisible();
  await page.getByRole("button", { name: "Cases of PocketOS" }).click();
  await expect.element(page.getByRole("link", { name: "cs_1" })).toHaveAttribute("href", "/app/cases/cs_1");
  await expect.element(page.getByRole("heading", { name: "Cases of operating system PocketOS" })).toHaveFocus();
  expect(paths.some((path) => path.includes("/cases?os=PocketOS"))).toBe(true);
});

test("a report without rows says so, and a rebuild says that the values are too small", async () => {
  const { page } = await show("/app/reports", reportOf([], { state: "rebuilding" }));
  await expect.element(page.getByText(/There is nothing to count/)).toBeVisible();
  await expect.element(page.getByText(/the values are too small/)).toBeVisible();
});

test("a fault of the report stays in its panel, and the choices stay usable", async () => {
  const { page } = await show("/app/reports", Response.json({ title: "Insight is not available" }, { status: 400 }));
  await expect.element(page.getByRole("alert").getByText("Insight is not available")).toBeVisible();
  await expect.element(page.getByRole("button", { name: "Show the report" })).toBeVisible();
});

test("a comparison has both sides and the interval", async () => {
  const { page } = await show("/app/reports?date=2026-03-11", reportOf([]));
  await expect.element(page.getByText("+25 points").first()).toBeVisible();
  await expect.element(page.getByText(/interval is \+8 points to \+40 points/)).toBeVisible();
});

test("the training debt and the outcomes list the cases behind a row", async () => {
  const asOf = { state: "current" };
  const difference = { verdict: "lower", value: 0.2, others: 0.6, low: -0.5, high: -0.3 };
  const few = { verdict: "not-enough-cases", smallest: 30 };
  const gap = { symptom: "no-sound", device: "Slate 2", cases: 20, waitedHours: 90.1, medianHeldMs: 60_000 };
  const one = { openedAt: "2026-03-02T09:00:00Z", symptom: "no-sound", os: null, channel: "phone", contacts: 1 };
  const { page, router } = await stand({
    Screen: ReportsScreen,
    path: "/app/reports",
    address: "/app/reports?report=training-debt",
    respond: (path) => {
      if (path === "/v1/reports") return indicators;
      if (path.startsWith("/v1/reports/training-debt/cases")) {
        const models = ["Slate 2", "Slate 3"];
        return {
          items: models.map((model, index) => ({ ...one, caseId: `cs_${index}`, model, heldMs: 1000, fixedMs: null })),
        };
      }
      if (path.startsWith("/v1/reports/training-debt")) {
        return { asOf, state: "compared", groups: 2, smallest: 20, items: [{ ...gap, medianFixedMs: 1000 }] };
      }
      const differences = { contacts: few, firstContactResolution: difference, crossed: few, reopened: few };
      return { asOf, items: [{ model: "Slate 2", channel: "store", cases: 40, differences }] };
    },
  });
  await page.getByRole("button", { name: "20 cases of no-sound on Slate 2" }).click();
  await expect.element(page.getByRole("link", { name: "cs_0" })).toBeVisible();
  await expect.element(page.getByRole("link", { name: "cs_1" })).not.toBeInTheDocument();
  await router.navigate({ to: "/app/reports", search: { report: "outcomes" } as never });
  await expect.element(page.getByText("▼ lower: 20 %, others 60 %")).toBeVisible();
  await expect.element(page.getByText("– fewer than 30 cases").first()).toBeVisible();
});
