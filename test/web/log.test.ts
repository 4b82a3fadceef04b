import { readFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Stage, openStage } from "../scenarios/stage.ts";
import { isSkipped, launchChromium, visit } from "./visit.ts";

/* The auditor of a carrier reads the action log: with the pointer, and by keyboard alone. */

describe.skipIf(isSkipped)("the action log", () => {
  let stage: Stage;
  let browser: Browser;
  let carrier: Awaited<ReturnType<Stage["party"]>>;
  beforeAll(async () => {
    [stage, browser] = await Promise.all([openStage({ console: true, inProcess: true }), launchChromium()]);
    carrier = await stage.party("northtel", "carrier");
    await carrier.client.post("/v1/cases", { carrierCaseId: "NT-1", title: "No signal", channel: "web" });
  });
  afterAll(() => Promise.all([browser?.close(), stage?.close()]));

  const link = async (): Promise<string> => {
    const request = { person: "audit-1", roles: ["auditor"] };
    const { path } = await carrier.client.post<{ path: string }>("/v1/sign-in-links", request);
    return `${stage.url}/app/log${path.slice(1)}`;
  };
  const rows = (page: Page) => page.getByRole("table").getByRole("row");

  test("it names the persons and programs, its filters stay in the address, and its export is complete", async () => {
    const { page, expectAccessible, expectReflow, end } = await visit(browser, await link());
    await rows(page).filter({ hasText: "case.opened" }).waitFor();
    const heading = page.getByRole("heading", { level: 2 });
    const [, last, total] = /^Rows 1 to (\d+) of (\d+)$/.exec((await heading.textContent()) ?? "") ?? [];
    expect(Number(last)).toBeGreaterThan(1);
    expect(Number(total)).toBeGreaterThanOrEqual(Number(last));
    await expectAccessible();
    await expectReflow();
    await page.getByLabel("Kind").selectOption("read");
    await page.getByLabel("Person").fill("audit-1");
    await page.getByRole("button", { name: "Filter" }).click();
    await page.waitForURL(/kind=read/);
    await rows(page).filter({ hasText: "audit-1" }).first().waitFor();
    expect(await rows(page).filter({ hasText: "case.opened" }).count()).toBe(0);
    await page.getByRole("heading", { name: /^\d+ rows? with these filters, of \d+$/ }).waitFor();
    const download = page.waitForEvent("download");
    await page.getByRole("link", { name: "Export all rows" }).click();
    const exported = readFileSync(await (await download).path(), "utf8");
    expect(JSON.parse(exported.trim().split("\n").at(-1) ?? "")).toMatchObject({ end: { party: carrier.party } });
    await end();
  });

  test("the keyboard alone filters the log and opens the case of a row", async () => {
    const { page, end } = await visit(browser, await link());
    await rows(page).filter({ hasText: "case.opened" }).waitFor();
    const { keyboard } = page;
    await page.getByLabel("Kind").focus();
    await keyboard.press("Tab");
    await keyboard.press("Tab");
    await keyboard.type("case.opened");
    await keyboard.press("Enter");
    await page.waitForURL(/operation=case.opened/);
    await expect.poll(() => rows(page).count()).toBe(2);
    await page.getByRole("table").getByRole("link").focus();
    await keyboard.press("Enter");
    await page.waitForURL(/\/app\/cases\/cs_/);
    await end();
  });
});
