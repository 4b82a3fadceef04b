import type { Operations } from "@crossline/contracts";
import { afterEach, expect, test, vi } from "vitest";
import { page as browser } from "vitest/browser";
import { OperationsScreen } from "../src/operations/operations-screen.tsx";
import { lead, stand } from "./stand.tsx";

afterEach(() => vi.unstubAllGlobals());

const operator = { ...lead, party: "operator", kind: "operator", name: "Operator" } as const;
type Service = Extract<Operations["services"][number], { state: "reached" }>;
const reached = (service: Service["service"], more: Partial<Service> = {}): Service => ({
  service,
  state: "reached",
  ready: true,
  checks: { database: "ok" },
  lag: 0,
  outbox: { waiting: 0 },
  parked: [],
  deadLetters: [],
  ...more,
});
const parked = {
  key: "cs_1",
  topic: "crossline.case.v1",
  sequence: 7,
  timeline: "wall",
  reason: "the record names an unknown line",
  attempts: 1,
  waiting: 3,
  parkedAt: "2026-03-07T09:00:00Z",
};
const operationsOf = (services: Operations["services"]): Operations => ({
  at: "2026-03-07T09:00:00Z",
  gate: { atWork: 1 },
  services,
});
const show = (services: () => Operations["services"], onPost: (path: string) => unknown = () => undefined) =>
  stand({
    Screen: OperationsScreen,
    path: "/app/operations",
    me: operator,
    respond: (path, init) => {
      if (init?.method === "POST") return onPost(path);
      return path === "/v1/operations" ? operationsOf(services()) : { items: [] };
    },
  });

test("failing services are first, and a service that is down affects its own row only", async () => {
  const { page } = await show(() => [
    reached("intake"),
    reached("routing", { ready: false, checks: { database: "ok", broker: "no connection" } }),
    { service: "console", state: "unreachable" },
    reached("auditor", { findings: { missed: 2, late: 0 } }),
  ]);
  const rows = page.getByRole("rowheader");
  await expect
    .poll(() => rows.elements().map(({ textContent }) => textContent))
    .toEqual(["console", "routing", "intake", "auditor"]);
  await expect.element(page.getByText(/no connection/)).toBeVisible();
  await expect.element(page.getByText("unknown, because console does not respond")).toBeVisible();
  await expect.element(page.getByText("✕ 2 missed")).toBeVisible();
  await expect.element(page.getByText("No service has parked a case.")).toBeVisible();
});

test("a replay says that it was requested, then that the service failed again, and then that the case is not parked", async () => {
  let present = [parked];
  const paths: string[] = [];
  const { page, client } = await show(
    () => [reached("routing", { parked: present })],
    (path) => {
      paths.push(path);
      return Response.json({ requested: true }, { status: 202 });
    },
  );
  await page.getByRole("button", { name: "Replay cs_1 in routing" }).click();
  await expect.element(page.getByText("… replay requested")).toBeVisible();
  expect(paths).toEqual(["/v1/operations/parked/routing/cs_1/replay"]);
  present = [{ ...parked, attempts: 2 }];
  await client.invalidateQueries();
  await expect.element(page.getByText("✕ failed again")).toBeVisible();
  present = [];
  await client.invalidateQueries();
  await expect.element(page.getByText("✓ no longer parked")).toBeVisible();
});

test("a refused replay shows the problem, and the parked case stays", async () => {
  const { page } = await show(
    () => [reached("routing", { parked: [parked] })],
    () => Response.json({ title: "A service is not available" }, { status: 503 }),
  );
  await page.getByRole("button", { name: "Replay cs_1 in routing" }).click();
  await expect.element(page.getByRole("alert").getByText("A service is not available")).toBeVisible();
  await expect.element(page.getByText("the record names an unknown line")).toBeVisible();
});

test("a person of a company reads that the screen is for the operator", async () => {
  const { page } = await stand({ Screen: OperationsScreen, path: "/app/operations", respond: () => undefined });
  await expect.element(page.getByText("Only the operator of Crossline reads this screen.")).toBeVisible();
});

test("a small window has a card for each service, with every number and without a table that scrolls", async () => {
  await browser.viewport(390, 844);
  const { page } = await show(() => [reached("intake", { lag: 12, outbox: { waiting: 7 }, parked: [parked] })]);
  const row = page.getByRole("row", { name: /intake/ });
  await expect.element(row).toBeVisible();
  const cells = row.element().querySelectorAll<HTMLElement>("[data-label]");
  expect([...cells].map((cell) => `${cell.dataset["label"]} ${cell.textContent}`)).toEqual([
    "Lag 12",
    "Outbox 7",
    "Parked 1",
    "Dead letters 0",
  ]);
  const right = Math.max(...[...cells].map((cell) => cell.getBoundingClientRect().right));
  expect(right).toBeLessThanOrEqual(390);
  expect(page.getByRole("region", { name: "Table of services" }).query()).toBeNull();
  await browser.viewport(1280, 800);
  await expect.element(page.getByRole("region", { name: "Table of services" })).toBeVisible();
  await browser.viewport(414, 896);
});
