import { topics } from "@crossline/contracts";
import { toWire } from "@crossline/messaging";
import { type Database, connect } from "@crossline/postgres";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Stage, openStage } from "../scenarios/stage.ts";
import { isSkipped, launchChromium, visit } from "./visit.ts";

/* The operator replays parked cases: one with the pointer and one by keyboard alone. The service then tries again. */

describe.skipIf(isSkipped)("the operator", () => {
  let stage: Stage;
  let browser: Browser;
  let routing: Database;
  beforeAll(async () => {
    [stage, browser] = await Promise.all([openStage({ console: true, inProcess: true }), launchChromium()]);
    routing = connect({ url: stage.databaseUrl, schema: "routing", applicationName: "operations-screen-test" });
  });
  afterAll(async () => {
    await Promise.all([browser?.close(), routing?.close()]);
    await stage?.close();
  });

  const park = async (key: string): Promise<void> => {
    const { headers, value } = toWire(
      { topic: topics.case, key, sequence: 1, type: "case.closed", time: 0, timeline: "wall", data: {} },
      "/test",
    );
    await routing.query({
      text: `-- test.park
        insert into inbox_waiting (partition, topic, key, sequence, timeline, headers, body, reason)
        values (0, $1, $2, 1, 'wall', $3, $4, 'the test parked this case')`,
      values: [topics.case, key, JSON.stringify(headers), value],
    });
  };
  const open = async (theme: "light" | "dark" = "light") => {
    const { path } = await stage.operator.post<{ path: string }>("/v1/sign-in-links", {
      person: "op-1",
      roles: ["operator"],
    });
    const visited = await visit(browser, `${stage.url}/app/operations${path.slice(1)}`, { theme });
    await visited.page.getByText("the test parked this case").waitFor();
    return visited;
  };

  test("replays a parked case with the pointer, and reads the result", async () => {
    const key = `cs_${"0".repeat(25)}1`;
    await park(key);
    const { page, expectAccessible, expectReflow, end } = await open();
    // The stage has no insight.
    await page
      .getByRole("row", { name: /insight/ })
      .getByText("unreachable")
      .waitFor();
    await expectAccessible();
    await expectReflow();
    await page.getByRole("button", { name: `Replay ${key} in routing` }).click();
    await page.getByText("✓ no longer parked").waitFor();
    // The row keeps its place while the mouse is over the list.
    await page.getByText("no longer here").waitFor();
    await page.getByRole("heading", { name: "Operations" }).hover();
    await page.getByText("No service has parked a case.").waitFor();
    // The record has no valid data, so it is a dead letter now.
    const letters = page.getByRole("region", { name: "Dead letters" });
    await expect.poll(() => letters.getByRole("button", { name: /Replay letter/ }).count()).toBe(1);
    await end();
  });

  test("replays a parked case by keyboard alone, with the dark theme", async () => {
    await park(`cs_${"0".repeat(25)}2`);
    const { page, expectAccessible, end } = await open("dark");
    await expectAccessible();
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await page.getByText("✓ no longer parked").waitFor();
    expect(await page.evaluate<string>("document.activeElement?.tagName")).not.toBe("BODY");
    await end();
  });
});
