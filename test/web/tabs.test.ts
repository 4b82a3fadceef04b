import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Stage, openStage } from "../scenarios/stage.ts";
import { isSkipped, launchChromium, visit } from "./visit.ts";

/* A browser opens six connections to one address over HTTP/1.1, so the tabs share one stream. */

const tabs = 8;

describe.skipIf(isSkipped)("many tabs of one person", () => {
  let stage: Stage;
  let browser: Browser;
  beforeAll(async () => {
    [stage, browser] = await Promise.all([openStage({ console: true, inProcess: true }), launchChromium()]);
  });
  afterAll(() => Promise.all([browser?.close(), stage?.close()]));

  test("all of them are live, over one stream", async () => {
    const { client } = await stage.party("northtel", "carrier");
    const { path } = await client.post<{ path: string }>("/v1/sign-in-links", { person: "rep-7", roles: ["rep"] });
    const { page, context, end } = await visit(browser, `${stage.url}/app/board${path.slice(1)}`);
    await page.getByText(/live · as of/).waitFor();
    const more = await Promise.all(Array.from({ length: tabs - 1 }, () => context.newPage()));
    for (const tab of more) await tab.goto(`${stage.url}/app/board`);
    await client.post("/v1/cases", { carrierCaseId: "NT-1", title: "No signal after update", channel: "web" });
    for (const tab of [page, ...more]) await tab.getByText("No signal after update").waitFor();
    const metrics = await (await fetch(`${stage.addresses.console}/metrics`)).text();
    expect(/^crossline_console_streams(?:\{[^}]*\})? (\d+)$/m.exec(metrics)?.[1]).toBe("1");
    await end();
  });
});
