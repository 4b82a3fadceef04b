import type { LineDocument, ProblemPage } from "@crossline/contracts";
import { waitFor } from "@crossline/testing";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Stage, openStage } from "../scenarios/stage.ts";
import type { Story } from "../scenarios/story.ts";
import { type Visit, isSkipped, launchChromium, visit } from "./visit.ts";

/*
 * A required item is often missing, so a problem opens. A carrier's lead gives it an owner, records a known error with its workaround, and
 * links a case. Once with the pointer, and once by keyboard alone.
 */

const line = (vendor: string): LineDocument => ({
  line: "handheld-consumer",
  mode: "cross",
  calendar: "24x7",
  clocks: [{ kind: "stall.idle", target: "P5D", warnAt: [] }],
  crossing: [{ to: `queue:${vendor}.handheld`, mode: "ticket", acceptWithin: "PT2H", repeat: 1 }],
  lastResort: ["https://duty.northtel.example/"],
  requires: [{ item: "activation-code", from: "carrier" }],
  problems: { missing: 3, within: "P7D", investigateWithin: "PT1H" },
});
const workaround = "The code is printed inside the lid of the box.";

describe.skipIf(isSkipped)("problems", () => {
  let stage: Stage;
  let browser: Browser;
  let story: Story;
  beforeAll(async () => {
    [stage, browser] = await Promise.all([openStage({ console: true, inProcess: true }), launchChromium()]);
    story = await stage.story(line);
    for (const number of [1, 2, 3]) await openCase(number, "web");
    await openCase(9, "phone");
    await waitFor(async () => ((await problems()).length === 1 ? true : undefined), { what: "a problem" });
  });
  afterAll(() => Promise.all([browser?.close(), stage?.close()]));

  const openCase = (number: number, channel: string) =>
    story.open({ call: false, channel, carrierCaseId: `NT-${number}`, title: `Case ${number}` });
  const problems = async () =>
    (await story.cast.carrier.get<ProblemPage>(`/v1/problems?timeline=${story.timeline}`)).items;
  const open = async (path: string, theme: "light" | "dark" = "light"): Promise<Visit> => {
    const { cast, timeline } = story;
    const lead = { person: "lead-2", roles: ["lead"] };
    const { path: link } = await cast.carrier.post<{ path: string }>("/v1/sign-in-links", lead);
    return visit(browser, `${stage.url}${path}?timeline=${timeline}${link.slice(1)}`, { theme });
  };
  const inBothThemes = async ({ page, expectAccessible }: Visit): Promise<void> => {
    for (const colorScheme of ["dark", "light"] as const) {
      await page.emulateMedia({ colorScheme });
      await expectAccessible();
    }
  };

  test("a lead assigns a problem, records its workaround, and links a case that then shows it", async () => {
    const visited = await open("/app/problems");
    const { page } = visited;
    const row = page.getByRole("row", { name: /activation-code missing/ });
    await row.getByText("no owner").waitFor();
    await page.getByRole("heading", { name: "new (1)" }).waitFor();
    await inBothThemes(visited);
    await visited.expectReflow();
    await row.getByRole("link").click();
    const send = async (button: string, texts: Readonly<Record<string, string>>, submit: string): Promise<void> => {
      await page.getByRole("group", { name: "Commands of the problem" }).getByRole("button", { name: button }).click();
      for (const [label, text] of Object.entries(texts)) await page.getByLabel(label, { exact: true }).fill(text);
      await inBothThemes(visited);
      await page.getByRole("dialog").getByRole("button", { name: submit }).click();
      await page.getByRole("dialog").waitFor({ state: "detached" });
    };
    await send("Assign an owner", { Owner: "lead-1", Reason: "She knows the form" }, "Assign the owner");
    await page.locator(".chip").getByText("under investigation").waitFor();
    const history = page.getByRole("region", { name: "History" });
    await history.getByText("Reason: She knows the form").waitFor();
    await story.advance("10:30");
    await page.locator(".chip").getByText("overdue").waitFor();
    await inBothThemes(visited);
    await visited.expectReflow();
    const error = { Workaround: workaround, "Fix code (optional)": "code-from-box" };
    await send("Record a known error", error, "Record the known error");
    const known = page.getByRole("region", { name: "Known error" });
    await known.getByText(workaround).waitFor();
    await expect.poll(() => known.innerText()).toMatch(/Offered to cases\s+3/);
    await send("Link a case", { "Number or id of the case": "NT-9", Reason: "The same form" }, "Link the case");
    const cases = page.getByRole("region", { name: "Cases" });
    await cases.getByRole("link", { name: "Case 9 NT-9" }).waitFor();
    await send("Set the root cause", { "Root cause": "The form does not ask for it." }, "Set the root cause");
    await page.getByText("The form does not ask for it.").first().waitFor();
    await inBothThemes(visited);
    await visited.expectReflow();
    await cases.getByRole("link", { name: "Case 1 NT-1" }).first().click();
    const causes = page.getByRole("region", { name: "Possible causes" });
    await causes.getByText(workaround).waitFor();
    await inBothThemes(visited);
    await causes.getByRole("link", { name: "problem" }).click();
    await known.getByText(workaround).waitFor();
    await visited.end();
  });

  test("by keyboard alone, a lead opens a problem by hand and ends it", async () => {
    const visited = await open("/app/board", "dark");
    const { page } = visited;
    const { keyboard } = page;
    const type = async (texts: Readonly<Record<string, string>>, submit: string): Promise<void> => {
      const dialog = page.getByRole("dialog");
      await dialog.waitFor();
      for (const [label, text] of Object.entries(texts)) {
        await dialog.getByLabel(label, { exact: true }).focus();
        await keyboard.type(text);
      }
      await dialog.getByRole("button", { name: submit }).focus();
      await keyboard.press("Enter");
      await dialog.waitFor({ state: "detached" });
    };
    await page.getByRole("grid", { name: "Cases" }).waitFor();
    await keyboard.press("g");
    await keyboard.press("m");
    await page.getByRole("heading", { name: "Problems", level: 1 }).waitFor();
    await keyboard.press("a");
    await type({ Title: "The update loses the signal", Symptom: "no-signal", Reason: "Six calls" }, "Open the problem");
    const link = page.getByRole("link", { name: "The update loses the signal" });
    await link.waitFor();
    await keyboard.press("j");
    const focused = (): Promise<string> => page.evaluate<string>("document.activeElement?.textContent");
    if ((await focused()) !== "The update loses the signal") await keyboard.press("j");
    expect(await focused()).toBe("The update loses the signal");
    await keyboard.press("Enter");
    await page.getByRole("heading", { name: "The update loses the signal" }).waitFor();
    await keyboard.press("s");
    await type({ Status: "cancelled", Reason: "It was the SIM" }, "Change the status");
    await page.locator(".chip").getByText("cancelled").waitFor();
    expect(await page.evaluate<string>("document.activeElement?.tagName")).not.toBe("BODY");
    await keyboard.press("g");
    await keyboard.press("m");
    await page.getByRole("button", { name: "Show ended problems" }).focus();
    await keyboard.press("Enter");
    const ended = page.getByRole("region", { name: "Ended problems" });
    await ended.getByRole("link", { name: "The update loses the signal" }).waitFor();
    await visited.end();
  });
});
