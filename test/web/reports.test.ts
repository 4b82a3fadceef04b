import type { LineDocument, Report } from "@crossline/contracts";
import { waitFor } from "@crossline/testing";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Stage, openStage } from "../scenarios/stage.ts";
import type { Story } from "../scenarios/story.ts";
import { isSkipped, launchChromium, visit } from "./visit.ts";

/* A lead reads how long offers to a queue take, and opens a case behind the value: with the pointer, and by keyboard alone. */

const line = (vendor: string): LineDocument => ({
  line: "handheld-consumer",
  mode: "cross",
  calendar: "24x7",
  clocks: [{ kind: "stall.idle", target: "PT20M", warnAt: [] }],
  crossing: [{ to: `queue:${vendor}.handheld`, mode: "ticket", repeat: 1 }],
  lastResort: ["https://duty.northtel.example/"],
});

describe.skipIf(isSkipped)("a lead", () => {
  let stage: Stage;
  let browser: Browser;
  let story: Story;
  beforeAll(async () => {
    const options = { console: true, insight: true, inProcess: true };
    [stage, browser] = await Promise.all([openStage(options), launchChromium()]);
    story = await stage.story(line);
    await story.open({ call: false, channel: "mail", title: "Screen stays dark" });
    await story.advance("09:20:30");
    const path = `/v1/reports/time-to-accept?timeline=${story.timeline}`;
    await waitFor(async () => ((await story.cast.carrier.get<Report>(path)).items[0]?.count === 1 ? true : undefined), {
      timeoutMs: 20_000,
      what: "an offer in the report",
    });
  });
  afterAll(() => Promise.all([browser?.close(), stage?.close()]));

  const open = async (theme: "light" | "dark" = "light") => {
    const { path } = await story.cast.carrier.post<{ path: string }>("/v1/sign-in-links", {
      person: "lead-1",
      roles: ["lead"],
    });
    const visited = await visit(browser, `${stage.url}/app/reports?timeline=${story.timeline}${path.slice(1)}`, {
      theme,
    });
    await visited.page.getByRole("link", { name: "Time to accept" }).waitFor();
    return visited;
  };

  test("opens the case behind a value with the pointer", async () => {
    const { page, expectAccessible, expectReflow, end } = await open();
    await page.getByRole("link", { name: "Time to accept" }).click();
    await page.getByRole("checkbox", { name: "Queue" }).check();
    await page.getByRole("button", { name: "Show the report" }).click();
    const queue = `${story.cast.vendorName}.handheld`;
    // The offer is not accepted yet, so the report counts it and has no time.
    await page.getByRole("row", { name: queue }).getByText("nothing to count").waitFor();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "Download as CSV" }).click(),
    ]);
    expect(download.suggestedFilename()).toBe("time-to-accept.csv");
    await page.getByRole("button", { name: `Cases of ${queue}` }).click();
    await page.getByRole("link", { name: story.caseId }).waitFor();
    expect(new URL(page.url()).searchParams.get("by")).toBe("queue");
    await expectAccessible();
    await expectReflow();
    await page.reload();
    await page.getByRole("link", { name: story.caseId }).click();
    await page.waitForURL("**/app/cases/**");
    expect(new URL(page.url()).pathname).toBe(`/app/cases/${story.caseId}`);
    await end();
  });

  test("opens the case behind a value by keyboard alone, with the dark theme", async () => {
    const { page, expectAccessible, end } = await open("dark");
    await page.getByRole("link", { name: "Time to accept" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Cases of this value" }).waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    const link = page.getByRole("link", { name: story.caseId });
    await link.waitFor();
    await expectAccessible();
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/app/cases/**");
    expect(new URL(page.url()).pathname).toBe(`/app/cases/${story.caseId}`);
    await end();
  });
});
