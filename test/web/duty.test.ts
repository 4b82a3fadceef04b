import type { BoardPage, LineDocument } from "@crossline/contracts";
import { waitFor } from "@crossline/testing";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Stage, openStage } from "../scenarios/stage.ts";
import type { Story } from "../scenarios/story.ts";
import { isSkipped, launchChromium, visit } from "./visit.ts";

/*
 * The last resort rings for two cases of a carrier. Its duty manager takes one case with the pointer and one by keyboard alone. The calls
 * then end.
 */

const line = (vendor: string): LineDocument => ({
  line: "handheld-consumer",
  mode: "cross",
  calendar: "24x7",
  clocks: [
    { kind: "first-response", target: "PT15M", warnAt: [] },
    { kind: "stall.idle", target: "PT20M", warnAt: [] },
  ],
  crossing: [{ to: `queue:${vendor}.handheld`, mode: "ticket", acceptWithin: "PT2M", repeat: 1 }],
  lastResort: ["https://duty.northtel.example/"],
});

describe.skipIf(isSkipped)("a duty manager", () => {
  let stage: Stage;
  let browser: Browser;
  let story: Story;
  beforeAll(async () => {
    [stage, browser] = await Promise.all([openStage({ console: true, inProcess: true }), launchChromium()]);
    story = await stage.story(line);
    for (const title of ["הטלפון לא נדלק", "Screen stays dark"]) {
      await story.open({ call: false, channel: "mail", severity: "critical", title });
    }
    await story.advance("09:05");
    await story.open({ call: false, channel: "mail", title: "Activation fails" });
    await story.cast.carrier.post(`${story.path}/promises`, {
      text: "We call back",
      until: "2026-03-07T15:00:00Z",
      person: "rep-17",
    });
    await story.advance("09:20:30");
    const isOffered = ({ phase }: { phase: string }) => phase === "offered";
    await waitFor(async () => ((await board("")).filter(isOffered).length === 2 ? true : undefined));
    await story.advance("09:22:30");
    await waitFor(async () => ((await ringing()).length === 2 ? true : undefined), { what: "two ringing cases" });
  });
  afterAll(() => Promise.all([browser?.close(), stage?.close()]));

  const board = async (filters: string) =>
    (await story.cast.carrier.get<BoardPage>(`/v1/board?timeline=${story.timeline}${filters}`)).items;
  const ringing = () => board("&resort=true");
  const open = async (theme: "light" | "dark" = "light") => {
    const { path } = await story.cast.carrier.post<{ path: string }>("/v1/sign-in-links", {
      person: "dm-1",
      roles: ["duty-manager"],
    });
    const address = `${stage.url}/app/duty?timeline=${story.timeline}${path.slice(1)}`;
    const visited = await visit(browser, address, { theme });
    await visited.page.getByRole("heading", { name: "The last resort rings now" }).waitFor();
    return visited;
  };

  test("takes a ringing case with the pointer", async () => {
    const { page, expectAccessible, expectReflow, end } = await open();
    const rings = page.getByRole("region", { name: "The last resort rings now" });
    await rings.getByText("call 1").first().waitFor();
    await page
      .getByRole("region", { name: "Breached and unanswered" })
      .getByText("first-response charged to you")
      .waitFor();
    await expectAccessible();
    await expectReflow();
    await rings
      .getByRole("listitem")
      .filter({ hasText: "הטלפון לא נדלק" })
      .getByRole("button", { name: "Take" })
      .click();
    await page.getByLabel("Name").fill("Grace Moore");
    await page.getByLabel("Phone number or mail address").fill("+1 416 555 0100");
    await expectAccessible();
    await page.getByRole("button", { name: "Take the case" }).click();
    await rings.getByText("✓ taken by you").or(rings.getByText("no longer here")).first().waitFor();
    await waitFor(async () => ((await ringing()).length === 1 ? true : undefined), { what: "one ringing case" });
    await page.getByRole("heading", { name: "Duty", exact: true }).hover();
    await expect.poll(() => rings.getByRole("listitem").count()).toBe(1);
    await end();
  });

  test("takes a ringing case by keyboard alone, with the dark theme", async () => {
    const { page, expectAccessible, end } = await open("dark");
    const rings = page.getByRole("region", { name: "The last resort rings now" });
    await rings.getByRole("button", { name: "Take" }).waitFor();
    await expectAccessible();
    await page.keyboard.press("j");
    await page.keyboard.press("t");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect(await page.evaluate<string>("document.activeElement?.tagName")).not.toBe("BODY");
    await page.keyboard.press("t");
    await page.getByLabel("Name").focus();
    await page.keyboard.type("Grace Moore");
    await page.keyboard.press("Tab");
    await page.keyboard.type("grace@northtel.example");
    await page.keyboard.press("Enter");
    await rings.getByText("The last resort rings for no case.").waitFor();
    expect(await page.evaluate<string>("document.activeElement?.tagName")).not.toBe("BODY");
    expect(await ringing()).toEqual([]);
    await end();
  });
});
