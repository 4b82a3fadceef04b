import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Stage, openStage } from "../scenarios/stage.ts";
import { isSkipped, launchChromium, visit } from "./visit.ts";

describe.skipIf(isSkipped)("a person signs in", () => {
  let stage: Stage;
  let browser: Browser;
  beforeAll(async () => {
    [stage, browser] = await Promise.all([openStage({ console: true, inProcess: true }), launchChromium()]);
  });
  afterAll(() => Promise.all([browser?.close(), stage?.close()]));

  test("with a link, and signs out again", async () => {
    const { client } = await stage.party("northtel", "carrier");
    const { path } = await client.post<{ path: string }>("/v1/sign-in-links", { person: "rep-7", roles: ["lead"] });
    const { page, expectAccessible, expectReflow, end } = await visit(browser, `${stage.url}${path}`);
    await page.getByText("rep-7 · northtel").waitFor();
    await page.getByRole("heading", { name: "Board" }).waitFor();
    expect(page.url()).toBe(`${stage.url}/app/board`);
    await expectAccessible();
    await expectReflow();
    await end();
  });
});
