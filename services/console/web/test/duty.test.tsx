import type { BoardPage, PresentedRow } from "@crossline/contracts";
import { afterEach, expect, test, vi } from "vitest";
import { userEvent } from "vitest/browser";
import { DutyScreen } from "../src/duty/duty-screen.tsx";
import { lead, stand } from "./stand.tsx";

afterEach(() => vi.unstubAllGlobals());

const soonMs = 300_000;
const row = (id: string, more: Partial<PresentedRow> = {}): PresentedRow => ({
  id,
  number: `NT-${id}`,
  title: `Case ${id}`,
  carrier: "northtel",
  kind: "fault",
  severity: "critical",
  status: "acknowledged",
  phase: "at-carrier",
  line: "handheld@1",
  holder: "northtel",
  openedAt: new Date(Date.now() - soonMs).toISOString(),
  read: { case: 1, handoff: 0, clock: 0 },
  position: 1,
  ...more,
});
const ringing = (id: string, inMs: number) =>
  row(id, { resort: { call: 4, nextAt: new Date(Date.now() + inMs).toISOString() } });
const board = (items: PresentedRow[]): BoardPage => ({
  items,
  total: items.length,
  counts: { phase: {}, severity: {}, holder: {} },
  position: 1,
  asOf: { state: "current", readUntil: "2026-03-07T09:00:00Z" },
});
const nothing = { items: [], asOf: { state: "current" } };

test("an empty screen says calmly in each panel that there is nothing", async () => {
  const { page } = await stand({
    Screen: DutyScreen,
    path: "/app/duty",
    respond: (path) => (path.startsWith("/v1/board") ? board([]) : nothing),
  });
  for (const text of [
    "The last resort rings for no case.",
    "No breach waits for an act.",
    "No case is due in the next hour.",
    "No promise is broken, and none is due in the next hour.",
  ]) {
    await expect.element(page.getByText(text)).toBeVisible();
  }
});

test("a panel that fails shows its fault, and the other panels show their rows", async () => {
  const { page } = await stand({
    Screen: DutyScreen,
    path: "/app/duty",
    respond: (path) => {
      if (path.startsWith("/v1/promises"))
        return Response.json({ title: "Promises are not available" }, { status: 400 });
      return path.includes("resort=true") ? board([ringing("1", soonMs)]) : board([]);
    },
  });
  const promises = page.getByRole("region", { name: "Promises at risk" });
  await expect.element(promises.getByRole("alert").getByText("Promises are not available")).toBeVisible();
  await expect.element(page.getByText(/call 4/)).toBeVisible();
});

test("the next call is the first row, and a new row waits while the mouse is over the rows", async () => {
  let rows = [ringing("later", 2 * soonMs), ringing("sooner", soonMs)];
  const { page, client } = await stand({
    Screen: DutyScreen,
    path: "/app/duty",
    respond: (path) =>
      path.includes("resort=true") ? board(rows) : path.startsWith("/v1/board") ? board([]) : nothing,
  });
  const items = page.getByRole("region", { name: "The last resort rings now" }).getByRole("listitem");
  await expect.poll(() => items.nth(0).element().textContent).toContain("Case sooner");
  await items.nth(0).hover();
  rows = [ringing("first", 1000), rows[0]!];
  await client.invalidateQueries();
  await expect.element(page.getByText(/1 new, press/)).toBeVisible();
  await expect.poll(() => items.nth(0).element().textContent).toContain("no longer here");
  await expect.poll(() => items.nth(1).element().textContent).toContain("Case later");
  await userEvent.hover(page.getByRole("heading", { name: "Duty" }));
  await expect.poll(() => items.nth(0).element().textContent).toContain("Case first");
});

test.each([
  ["abandoned", "✕ the call reached no receiver"],
  ["delivered", "✓ the call was delivered"],
])("the newest call of a ringing case that is %s reads so", async (state, text) => {
  const call = { eventId: "handoff/1/7", state };
  const older = { eventId: "handoff/1/6", state: state === "delivered" ? "abandoned" : "delivered" };
  const webhook = { eventId: "case/1/9", subscriptionId: "sub_1", state: "waiting" };
  const { page } = await stand({
    Screen: DutyScreen,
    path: "/app/duty",
    respond: (path) => {
      if (path.startsWith("/v1/deliveries")) return { items: [webhook, call, older] };
      return path.includes("resort=true") ? board([ringing("1", soonMs)]) : board([]);
    },
  });
  await expect.element(page.getByText(text)).toBeVisible();
});

test("a person without the scope for cases reads the rows and takes no case", async () => {
  const { page } = await stand({
    Screen: DutyScreen,
    path: "/app/duty",
    me: { ...lead, scopes: ["read"] },
    respond: (path) => (path.includes("resort=true") ? board([ringing("1", soonMs)]) : board([])),
  });
  await expect.element(page.getByText(/call 4/)).toBeVisible();
  await expect.element(page.getByRole("button", { name: "Take" })).not.toBeInTheDocument();
});

test("a refused take shows the message at its field, and the dialog stays", async () => {
  const { page } = await stand({
    Screen: DutyScreen,
    path: "/app/duty",
    respond: (path, init) => {
      if (init?.method === "POST") {
        const fields = [{ at: "/engineer/contact", message: "must be one row" }];
        return Response.json({ title: "The request does not have the required form", fields }, { status: 400 });
      }
      return path.includes("resort=true") ? board([ringing("1", soonMs)]) : board([]);
    },
  });
  await page.getByRole("button", { name: "Take" }).click();
  await page.getByLabelText("Name").fill("Grace Moore");
  await page.getByLabelText("Phone number or mail address").fill("+1");
  await page.getByRole("button", { name: "Take the case" }).click();
  await expect
    .element(
      page
        .getByRole("dialog")
        .getByText(/must be one row/)
        .last(),
    )
    .toBeVisible();
  await expect.element(page.getByLabelText("Phone number or mail address")).toHaveAttribute("aria-invalid", "true");
});

test("after a failed read the rows stay, and the panel says that they are old", async () => {
  let isDown = false;
  const { page, client } = await stand({
    Screen: DutyScreen,
    path: "/app/duty",
    respond: (path) => {
      if (!path.startsWith("/v1/board")) return nothing;
      if (isDown) return Response.json({ title: "The console is not available" }, { status: 503 });
      return path.includes("resort=true") ? board([ringing("1", soonMs)]) : board([]);
    },
  });
  await expect.element(page.getByText(/call 4/)).toBeVisible();
  isDown = true;
  await client.invalidateQueries();
  const rings = page.getByRole("region", { name: "The last resort rings now" });
  await expect.element(rings.getByText("This is the last state that Crossline sent.")).toBeVisible();
  await expect.element(rings.getByText("The console is not available")).toBeVisible();
  await expect.element(rings.getByText(/call 4/)).toBeVisible();
});

test("a vendor has no last resort, and 200 rows have a link to the board", async () => {
  const dueAt = (index: number) => new Date(Date.now() + index * 1000).toISOString();
  const rows = Array.from({ length: 200 }, (_, index) =>
    row(String(index), { due: { clock: "stall.idle", at: dueAt(index), charged: "orchard" } }),
  );
  const { page } = await stand({
    Screen: DutyScreen,
    path: "/app/duty",
    me: { ...lead, party: "orchard", kind: "vendor" },
    respond: (path) => {
      if (!path.startsWith("/v1/board")) return nothing;
      return path.includes("dueBefore") ? { ...board(rows), next: "more" } : board([]);
    },
  });
  const soon = page.getByRole("region", { name: "Due in the next hour" });
  await expect.poll(() => soon.getByRole("listitem").elements().length).toBe(200);
  await expect.element(soon.getByRole("link", { name: "The board has all of them" })).toBeInTheDocument();
  await expect.element(page.getByText("The last resort rings now")).not.toBeInTheDocument();
});

test("one row names open incidents, receipts and overdue problems, and is absent without them", async () => {
  const receipts = [
    { receipt: { state: "awaited" } },
    { receiptCounts: { confirmed: 0, awaited: 1, overdue: 2 } },
    { receiptCounts: { confirmed: 1, awaited: 1, overdue: 0 } },
  ];
  const work = { changes: receipts, incidents: [{}, {}], problems: [{ overdue: true }, { overdue: false }] };
  const { page, client } = await stand({
    Screen: DutyScreen,
    path: "/app/duty",
    respond: (path) => {
      const found = Object.entries(work).find(([name]) => path.startsWith(`/v1/${name}`));
      if (found !== undefined) return { items: found[1] };
      return path.startsWith("/v1/board") ? board([]) : nothing;
    },
  });
  for (const name of [
    "2 incidents open",
    "1 change to confirm",
    "1 change with overdue receipts",
    "1 problem overdue",
  ]) {
    await expect.element(page.getByRole("link", { name })).toBeVisible();
  }
  Object.assign(work, { changes: [], incidents: [], problems: [] });
  await client.invalidateQueries();
  await expect.poll(() => page.container.textContent).not.toContain("2 incidents open");
});
