import type { Me, PresentedRow } from "@crossline/contracts";
import { afterEach, describe, expect, test, vi } from "vitest";
import { userEvent } from "vitest/browser";
import { BoardScreen } from "../src/board/board-screen.tsx";
import { timeLeftText, urgencyOf } from "../src/board/time-left.tsx";
import { handleKey } from "../src/shell/shortcuts.ts";
import { dueIn, page as boardPage, row, stubStream } from "./board-stream.ts";
import { lead, stand } from "./stand.tsx";

document.addEventListener("keydown", handleKey);
afterEach(() => vi.unstubAllGlobals());

const agent: Me = { ...lead, party: "orchard", kind: "vendor", name: "Orchard" };

async function openBoard(
  rows: readonly PresentedRow[],
  respond: (path: string, init?: RequestInit) => unknown = () => undefined,
  me: Me = lead,
) {
  const send = stubStream();
  const board = await stand({
    Screen: BoardScreen,
    path: "/app/board",
    me,
    respond: (path, init) =>
      respond(path, init) ??
      (path.startsWith("/v1/board") ? boardPage(rows) : { items: [], asOf: { state: "current" } }),
  });
  const titles = (): string[] =>
    [...document.querySelectorAll<HTMLElement>(".board-body .board-row")]
      .toSorted((one, other) => one.getBoundingClientRect().top - other.getBoundingClientRect().top)
      .map((element) => element.querySelector("bdi")?.textContent ?? "");
  return { ...board, send, titles };
}

describe("rows under the pointer", () => {
  const rows = [row("a", { due: dueIn(100) }), row("b", { due: dueIn(200) }), row("c", { due: dueIn(300) })];

  test("keep their places, and their cells change, until n shows the changes", async () => {
    const { page, send, titles } = await openBoard(rows);
    await expect.poll(titles).toEqual(["Case a", "Case b", "Case c"]);
    await page.getByRole("row", { name: /Case b/ }).hover();
    send({ kind: "row", position: 11, row: row("c", { due: dueIn(10), position: 11, title: "Case c again" }) });
    send({ kind: "row", position: 12, row: row("d", { due: dueIn(20), position: 12 }) });
    send({ kind: "gone", position: 13, id: rows[0]!.id });
    await expect.element(page.getByRole("button", { name: /3 changes – press n/ })).toBeVisible();
    expect(titles()).toEqual(["Case a", "Case b", "Case c again"]);
    await expect.element(page.getByRole("row", { name: /Case a/ }).getByText("gone")).toBeVisible();
    await userEvent.keyboard("n");
    await expect.poll(titles).toEqual(["Case c again", "Case d", "Case b"]);
  });

  test("move at once when the pointer and the focus are elsewhere", async () => {
    const { page, send, titles } = await openBoard(rows);
    await page.getByRole("row", { name: /Case b/ }).hover();
    send({ kind: "row", position: 11, row: row("c", { due: dueIn(10), position: 11 }) });
    await expect.element(page.getByRole("button", { name: /1 change – press n/ })).toBeVisible();
    await userEvent.hover(page.getByRole("heading", { name: "Board" }));
    await expect.poll(titles).toEqual(["Case c", "Case a", "Case b"]);
    expect(page.getByRole("button", { name: /press n/ }).query()).toBeNull();
  });

  test("keep their places while the focus is inside, and the focus stays on its row", async () => {
    const { page, send, titles } = await openBoard(rows);
    await expect.poll(titles).toHaveLength(3);
    await userEvent.hover(page.getByRole("heading", { name: "Board" }));
    await userEvent.keyboard("jj");
    await expect.poll(() => document.activeElement?.getAttribute("data-id")).toBe(rows[1]!.id);
    send({ kind: "row", position: 11, row: row("c", { due: dueIn(10), position: 11 }) });
    await expect.element(page.getByRole("button", { name: /1 change/ })).toBeVisible();
    expect(titles()).toEqual(["Case a", "Case b", "Case c"]);
    await userEvent.keyboard("n");
    await expect.poll(titles).toEqual(["Case c", "Case a", "Case b"]);
    expect(document.activeElement?.getAttribute("data-id")).toBe(rows[1]!.id);
  });
});

test("the countdown has the time, the clock and a shape for each urgency", async () => {
  const { page } = await openBoard([row("a", { due: dueIn(65) }), row("b", { due: dueIn(-48) }), row("c")]);
  const left = page.getByRole("row", { name: /Case a/ }).getByText(/1:0[0-5]/);
  await expect.element(left).toBeVisible();
  const first = left.element().textContent;
  await expect.poll(() => page.getByRole("row", { name: /Case a/ }).element().textContent).not.toContain(first);
  await expect.element(page.getByRole("row", { name: /Case b/ }).getByText(/late 0:[45]/)).toBeVisible();
  await expect.element(page.getByRole("row", { name: /Case c/ }).getByText("no clock runs")).toBeVisible();
  expect(["late", "near", "soon", "later"]).toEqual([-1, 299_000, 300_000, 3_600_000].map((ms) => urgencyOf(ms).name));
  expect(new Set([-1, 0, 300_000, 3_600_000].map((ms) => urgencyOf(ms).shape)).size).toBe(4);
  expect(timeLeftText(-1)).toBe("late 0:00");
});

test("a filter changes the address, and the board of an address has its filters", async () => {
  const asked: string[] = [];
  const { page, router } = await openBoard([row("a")], (path) => void asked.push(path));
  // In a small window, a button opens the filters.
  await page.getByRole("button", { name: /^Filters/ }).click();
  await page.getByRole("button", { name: /critical/ }).click();
  await expect.poll(() => router.state.location.search).toEqual({ severity: ["critical"] });
  await page.getByRole("button", { name: "Mine" }).click();
  await expect
    .poll(() => asked.some((path) => path.includes("severity=critical") && path.includes("person=dm-1")))
    .toBe(true);
  await page.getByText("More filters").click();
  await page.getByLabelText("Model").fill("8700");
  await page.getByRole("button", { name: "Apply" }).click();
  await expect.poll(() => router.state.location.search).toMatchObject({ model: "8700", severity: ["critical"] });
  await page.getByRole("button", { name: "Clear the filters" }).click();
  await expect.poll(() => router.state.location.search).toEqual({});
});

test("of 10,000 rows only those near the window are in the page, and the grid knows the number of all", async () => {
  const all = Array.from({ length: 10_000 }, (_, index) => row(String(index).padStart(5, "0"), { due: dueIn(index) }));
  const { page, titles } = await openBoard([], (path) => {
    if (!path.startsWith("/v1/board")) return undefined;
    const query = new URLSearchParams(path.split("?")[1]);
    const from = Number(query.get("cursor") ?? 0);
    const to = from + Number(query.get("limit"));
    return boardPage(all.slice(from, to), { total: all.length, ...(to < all.length && { next: String(to) }) });
  });
  await expect.element(page.getByText("10,000 cases")).toBeVisible();
  await expect.element(page.getByRole("grid")).toHaveAttribute("aria-rowcount", "10001");
  expect(titles().length).toBeLessThan(60);
  await userEvent.keyboard("j");
  await expect.poll(() => document.activeElement?.getAttribute("aria-rowindex")).toBe("2");
  await userEvent.keyboard("{End}");
  await expect.poll(() => document.activeElement?.getAttribute("aria-rowindex")).toBe("10001");
});

test("a stream that has forgotten changes makes the board read all pages again", async () => {
  let rows = [row("a", { due: dueIn(100) })];
  const { page, send, titles } = await openBoard([], (path) =>
    path.startsWith("/v1/board") ? boardPage(rows) : undefined,
  );
  await expect.poll(titles).toEqual(["Case a"]);
  await userEvent.hover(page.getByRole("heading", { name: "Board" }));
  rows = [row("b", { due: dueIn(50), position: 20 })];
  send({ kind: "resync" });
  await expect.poll(titles).toEqual(["Case b"]);
});

describe("an empty board", () => {
  test("of a newcomer opens a case that stalls, if the line try-it is published", async () => {
    const bodies: unknown[] = [];
    const { page } = await openBoard([], (path, init) => {
      if (path === "/v1/lines") return { items: [{ line: { carrier: "northtel", name: "try-it", version: 1 } }] };
      if (init?.method !== "POST") return undefined;
      bodies.push(JSON.parse(init.body as string));
      return { id: "cs_1" };
    });
    await expect.element(page.getByText(/Nothing waits\./)).toBeVisible();
    await page.getByRole("button", { name: "Open a case that stalls in 15 s" }).click();
    await expect.element(page.getByText("The case is open. It appears here in a moment.")).toBeVisible();
    expect(bodies).toMatchObject([{ line: "try-it", handling: {} }]);
  });

  test("has no such button without the line, and says when only the filters are empty", async () => {
    const { page } = await openBoard([]);
    await expect.element(page.getByText(/Your company has published 0 lines\./)).toBeVisible();
    expect(page.getByRole("button", { name: /stalls in 15 s/ }).query()).toBeNull();
    expect(page.getByRole("grid").query()).toBeNull();
    await page.getByRole("button", { name: /^Filters/ }).click();
    await page.getByRole("button", { name: /minor/ }).click();
    await expect.element(page.getByText("No case passes the filters.")).toBeVisible();
  });
});

describe("a bulk command", () => {
  const offers = ["a", "b", "c"].map((id) =>
    row(id, { phase: "offered", handoff: `ho_${id.padEnd(26, "0")}`, queue: "orchard.handheld", due: dueIn(60) }),
  );

  test("runs for all rows that pass the filters, and lists each refusal with its reason", async () => {
    const { page } = await openBoard(
      offers,
      (path, init) => {
        if (init?.method !== "POST") return undefined;
        if (!path.includes("ho_b")) return { token: 1, leaseUntil: "2026-03-07T15:00:00Z", brief: {} };
        const problem = {
          title: "Another person has the lease",
          detail: "eng-2 has the lease until 15:00.",
          code: "already_claimed",
        };
        return Response.json(problem, { status: 409 });
      },
      agent,
    );
    await page.getByRole("checkbox", { name: "Select NT-a" }).click();
    await page.getByRole("button", { name: "Select all 3 that pass the filters" }).click();
    await expect.element(page.getByText("3 selected")).toBeVisible();
    await page.getByRole("button", { name: "Claim" }).click();
    const dialog = page.getByRole("dialog");
    await expect.element(dialog.getByText("Done: 2 claimed, 1 refused.")).toBeVisible();
    await expect
      .element(dialog.getByRole("row", { name: /Case b/ }).getByText("eng-2 has the lease until 15:00."))
      .toBeVisible();
  });

  test("is not offered to a person whose roles only read", async () => {
    const { page } = await openBoard(offers, undefined, { ...agent, scopes: ["read"] });
    await expect.element(page.getByRole("row", { name: /Case a/ })).toBeVisible();
    expect(page.getByRole("checkbox").query()).toBeNull();
  });
});
