import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { handheld } from "../scenarios/handheld-line.ts";
import { type Stage, openStage } from "../scenarios/stage.ts";
import type { Story } from "../scenarios/story.ts";
import { isSkipped, launchChromium, visit } from "./visit.ts";

/*
 * Story 1 on a stepped timeline: the clock stall.busy breached at 09:20. A carrier's rep reads the case and works on it with the pointer, and
 * the vendor's person reads the same case by keyboard alone.
 */

describe.skipIf(isSkipped)("the screen of a case", () => {
  let stage: Stage;
  let browser: Browser;
  let story: Story;
  beforeAll(async () => {
    [stage, browser] = await Promise.all([openStage({ console: true, inProcess: true }), launchChromium()]);
    story = await stage.story(handheld);
    await story.open({ title: "הטלפון לא נדלק · Handheld is dead" });
    await story.talkUntil("09:05");
    await story.write({ kind: "hypothesis", text: "out of memory?", by: "customer" });
    await story.talkUntil("09:20");
    await story.advance("09:21");
  });
  afterAll(() => Promise.all([browser?.close(), stage?.close()]));

  type Person = { readonly company?: "carrier" | "vendor"; readonly person: string; readonly role: string };
  type Options = Parameters<typeof visit>[2];

  const open = async ({ company = "carrier", person, role }: Person, options: Options = {}, at = "") => {
    const { path } = await story.cast[company].post<{ path: string }>("/v1/sign-in-links", { person, roles: [role] });
    const address = `${stage.url}/app/cases/${story.caseId}?timeline=${story.timeline}${at}${path.slice(1)}`;
    const visited = await visit(browser, address, options);
    await visited.page.getByRole("heading", { level: 1, name: "Handheld is dead" }).waitFor();
    await visited.page.getByText("As of 09:21:00", { exact: true }).waitFor();
    await visited.page.getByText("chain verified").waitFor();
    return visited;
  };
  const panel = (page: Page, name: string) => page.getByRole("region", { name, exact: true });
  const rep = { person: "rep-17", role: "rep" };
  const agent = { company: "vendor", person: "eng-4", role: "vendor-agent" } as const;

  /** Returns the cells of a clock in the table. */
  const rowOf = async (page: Page, clock: string) => {
    const row = page.getByRole("row").filter({ has: page.getByRole("rowheader", { name: clock, exact: true }) });
    return (await row.first().getByRole("cell").allInnerTexts()).map((text) => text.trim().replaceAll(/\s+/g, " "));
  };
  const warningsOf = async (page: Page) => (await rowOf(page, "stall.busy"))[4];
  const breachOf = async (page: Page) => (await rowOf(page, "stall.busy"))[5];

  test("a rep sees the breach at 09:20:00, its reason, and the clocks as they were at 09:10", async () => {
    const { page, expectAccessible, expectReflow, end } = await open(rep);
    const why = panel(page, "Why it crossed");
    await why.getByText("The clock stall.busy reached its target of 20 min at 09:20:00").waitFor();
    await why.getByText("made no progress since 09:00:00").waitFor();
    await why.getByText("Step 1 of 2").waitFor();
    await panel(page, "Journal").getByText("The clock stall.busy breached.").waitFor();
    await page.getByRole("img", { name: "The clocks of" }).waitFor();
    await expectAccessible();
    await expectReflow();

    await page.getByRole("button", { name: "Table" }).click();
    expect(await warningsOf(page)).toBe("50 % 09:10:00 75 % 09:15:00 90 % 09:18:00");
    expect(await breachOf(page)).toBe("09:20:00");
    await expectAccessible();
    await expectReflow();

    const slider = page.getByRole("slider");
    await slider.focus();
    await page.keyboard.press("Home");
    await page.getByText("As of 09:00:00", { exact: true }).waitFor();
    for (let minutes = 0; !(await slider.getAttribute("aria-valuetext"))?.startsWith("09:10:00"); minutes += 1) {
      expect(minutes).toBeLessThan(200);
      await page.keyboard.press("ArrowRight");
    }
    await page.getByText("As of 09:10:00", { exact: true }).waitFor();
    await expect.poll(() => warningsOf(page)).toBe("50 % 09:10:00");
    expect(await breachOf(page)).toBe("–");
    expect(new URL(page.url()).searchParams.get("at")).toBe("2026-03-07T14:10:00Z");
    await why.getByText("The case had not crossed.").waitFor();
    await expect.poll(() => panel(page, "Journal").getByText("breached").count()).toBe(0);
    await page.getByRole("button", { name: "Now", exact: true }).click();
    await page.getByText("As of 09:21:00", { exact: true }).waitFor();
    expect(new URL(page.url()).searchParams.get("at")).toBe(null);
    await end();
  });

  test("a link with an instant shows that instant", async () => {
    const { path } = await story.cast.carrier.post<{ path: string }>("/v1/sign-in-links", {
      person: "rep-17",
      roles: ["rep"],
    });
    const address = `${stage.url}/app/cases/${story.caseId}?timeline=${story.timeline}&at=2026-03-07T09:15:00-05:00`;
    const { page, end } = await visit(browser, `${address}${path.slice(1)}`, { width: 390, theme: "dark" });
    await page.getByText("As of 09:15:00", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Table" }).click();
    await expect.poll(() => warningsOf(page)).toBe("50 % 09:10:00 75 % 09:15:00");
    await end();
  });

  test("a rep adds a tried step and a promise with the pointer, and a refusal is at its field", async () => {
    const { page, end } = await open(rep, { refusals: true });
    await page.getByRole("button", { name: "Add an entry" }).click();
    await page.getByLabel("Kind").selectOption("Tried step");
    await page.getByLabel("Step", { exact: true }).fill("restart");
    await page.getByRole("button", { name: "Add the entry" }).click();
    await panel(page, "Dossier").getByText("restart: failed").waitFor();
    await panel(page, "Journal").getByText("restart: failed").waitFor();

    await page.getByRole("button", { name: "Add an entry" }).click();
    await page.getByLabel("Kind").selectOption("Tried step");
    await page.getByLabel("Step", { exact: true }).fill("restart");
    await page.getByRole("button", { name: "Add the entry" }).click();
    await page.getByRole("alert").getByText("restart").first().waitFor();
    await page.getByLabel("Reason to try it again").fill("The battery was empty.");
    await page.getByRole("button", { name: "Add the entry" }).click();
    await panel(page, "Dossier").getByText("The battery was empty.").waitFor();

    await page.getByRole("button", { name: "Make a promise" }).click();
    await page.getByLabel("Promise", { exact: true }).fill("We call you back.");
    await page.getByLabel("Due by").fill("2026-03-07T08:00");
    await page.getByRole("button", { name: "Promise", exact: true }).click();
    await page.getByRole("dialog").getByText("✕ must not be before").waitFor();
    await page.getByLabel("Due by").fill("2026-03-07T17:30");
    await page.getByRole("button", { name: "Promise", exact: true }).click();
    const promises = panel(page, "Promises");
    await promises.getByText("We call you back.").waitFor();
    await promises.getByText("17:30:00").waitFor();
    await promises.getByRole("button", { name: "Deliver the promise" }).click();
    await page.getByLabel("Evidence").fill("The rep called at 09:21.");
    await page.getByRole("button", { name: "Record the delivery" }).click();
    await promises.getByText("kept").waitFor();
    await expect.poll(() => promises.getByRole("button").count()).toBe(0);
    await end();
  });

  test("a fact that another person adds appears in the open screen", async () => {
    const { page, end } = await open(rep);
    await story.write({ kind: "note", text: "still checking, said another rep" });
    await panel(page, "Journal").getByText("still checking, said another rep").waitFor();
    expect(await panel(page, "Journal").getByText("heartbeats").count()).toBeGreaterThan(0);
    await end();
  });

  test("a vendor's person reads the same case by keyboard alone, and adds a hypothesis", async () => {
    const { page, expectAccessible, expectReflow, end } = await open(agent);
    await panel(page, "Why it crossed").getByText("Step 1: the queue").waitFor();
    expect(await page.getByRole("button", { name: "This is beyond me" }).count()).toBe(0);
    expect(await page.getByRole("button", { name: "Write to the customer" }).count()).toBe(0);
    await expectAccessible();
    await expectReflow();
    await page.keyboard.press("[");
    await page.getByText("As of 09:20:00", { exact: true }).waitFor();
    await page.keyboard.press("[");
    await page.getByText("As of 09:18:00", { exact: true }).waitFor();
    await page.keyboard.press("]");
    await page.getByText("As of 09:20:00", { exact: true }).waitFor();
    await page.keyboard.press("v");
    await page.getByRole("region", { name: "Table of the clocks" }).waitFor();
    await page.keyboard.press("v");
    await page.keyboard.press("?");
    const help = page.getByRole("dialog", { name: "Keys" });
    for (const text of ["Add an entry", "Show the clocks at the previous event", "Show the clocks as a table"]) {
      await help.getByText(text).waitFor();
    }
    await page.keyboard.press("Escape");
    await help.waitFor({ state: "detached" });
    await page.keyboard.press("e");
    const dialog = page.getByRole("dialog", { name: "Add an entry" });
    await dialog.waitFor();
    await dialog.getByLabel("Kind").focus();
    await page.keyboard.type("Hyp");
    await page.keyboard.press("Tab");
    await page.keyboard.type("The memory is full.");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await dialog.waitFor({ state: "detached" });
    await panel(page, "Dossier").getByText("The memory is full.").waitFor();
    expect(await page.evaluate<string>("document.activeElement?.tagName")).not.toBe("BODY");
    await end();
  });

  test("the vendor's person asks from the screen of the case, and the rep answers, both by keyboard alone", async () => {
    const vendor = await open(agent);
    await vendor.page.keyboard.press("q");
    const pane = vendor.page.getByRole("form", { name: "Ask a question" });
    await pane.waitFor();
    await vendor.expectAccessible();
    await vendor.expectReflow();
    await pane.getByLabel("Question").focus();
    await vendor.page.keyboard.type("Which OS version does it run?");
    await pane.getByRole("button", { name: "Ask", exact: false }).focus();
    await vendor.page.keyboard.press("Enter");
    await panel(vendor.page, "Journal").getByText("Which OS version does it run?").first().waitFor();

    const answering = await open(rep);
    await answering.page.getByRole("button", { name: "Answer the question" }).waitFor();
    await answering.page.keyboard.press("q");
    await answering.page.getByRole("dialog", { name: "Answer the question" }).waitFor();
    await answering.page.keyboard.type("It runs 4.2.");
    await answering.page.keyboard.press("Tab");
    await answering.page.keyboard.press("Enter");
    await panel(answering.page, "Journal").getByText("It runs 4.2.").first().waitFor();
    await panel(vendor.page, "Journal").getByText("It runs 4.2.").first().waitFor();
    await expect.poll(() => answering.page.getByRole("button", { name: "Answer the question" }).count()).toBe(0);
    await answering.end();
    await vendor.end();
  });

  test("an auditor reads the case and has no commands", async () => {
    const { page, expectAccessible, end } = await open({ person: "aud-1", role: "auditor" });
    expect(await page.getByRole("group", { name: "Commands of the case" }).count()).toBe(0);
    expect(await page.getByRole("button", { name: "Deliver the promise" }).count()).toBe(0);
    await expectAccessible();
    await end();
  });

  test.each(["light", "dark"] as const)("each dialog is accessible in the theme %s", async (theme) => {
    const { page, expectAccessible, expectReflow, end } = await open(rep, { theme });
    await expectAccessible();
    const commands = page.getByRole("group", { name: "Commands of the case" }).getByRole("button");
    const texts = await commands.allInnerTexts();
    expect(texts.length).toBeGreaterThan(8);
    for (const [index, text] of texts.entries()) {
      await commands.nth(index).click();
      await page.getByRole("dialog").waitFor();
      await expectAccessible();
      if (theme === "dark") await expectReflow();
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });
      const focused = await page.evaluate<string>("document.activeElement?.textContent ?? ''");
      expect(focused.trim(), "the focus after the dialog").toBe(text.trim());
    }
    await end();
  });

  test("after the carrier has closed the case, its former vendor reads it as of the end of its part", async () => {
    const carrier = await open(rep);
    await carrier.page.getByRole("button", { name: "Close", exact: true }).click();
    await carrier.page.getByLabel("Note").fill("The customer bought another handheld.");
    await carrier.page.getByRole("button", { name: "Close the case" }).click();
    await carrier.page.getByRole("button", { name: "Reopen" }).waitFor();
    expect(await carrier.page.getByRole("button", { name: "Make a promise" }).count()).toBe(0);
    await panel(carrier.page, "Journal").getByText("closed the case").waitFor();
    await carrier.expectAccessible();
    await carrier.end();

    const former = await open(agent);
    expect(await former.page.getByRole("group", { name: "Commands of the case" }).count()).toBe(0);
    expect(await former.page.getByRole("button", { name: "Work on the hand-off" }).count()).toBe(0);
    await former.expectAccessible();
    await former.expectReflow();
    await former.end();
  });
});
