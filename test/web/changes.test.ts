import type { LineDocument } from "@crossline/contracts";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Stage, openStage } from "../scenarios/stage.ts";
import type { Story } from "../scenarios/story.ts";
import { type Visit, type VisitOptions, isSkipped, launchChromium, visit } from "./visit.ts";

/*
 * A carrier announces a change, a vendor confirms it, and a case that the change may have caused says so. Once with the pointer, and once by
 * keyboard alone.
 */

const line = (vendor: string): LineDocument => ({
  line: "handheld-consumer",
  mode: "cross",
  calendar: "24x7",
  clocks: [{ kind: "stall.idle", target: "P1D", warnAt: [] }],
  crossing: [{ to: `queue:${vendor}.handheld`, mode: "ticket", acceptWithin: "PT2H", repeat: 1 }],
  lastResort: ["https://duty.northtel.example/"],
});
const title = "New addresses of the mail gateway";

describe.skipIf(isSkipped)("changes", () => {
  let stage: Stage;
  let browser: Browser;
  let story: Story;
  beforeAll(async () => {
    [stage, browser] = await Promise.all([openStage({ console: true, inProcess: true }), launchChromium()]);
    story = await stage.story(line);
    await story.open({ call: false, channel: "mail", carrierCaseId: "NT-2", title: "The handheld restarts" });
  });
  afterAll(() => Promise.all([browser?.close(), stage?.close()]));

  const open = async (of: "carrier" | "vendor", path = "/app/changes", options: VisitOptions = {}) => {
    const { cast, timeline } = story;
    const person = of === "carrier" ? { person: "lead-2", roles: ["lead"] } : { person: "eng-4", roles: ["desk-lead"] };
    const { path: link } = await cast[of].post<{ path: string }>("/v1/sign-in-links", person);
    return visit(browser, `${stage.url}${path}?timeline=${timeline}${link.slice(1)}`, options);
  };
  const inBothThemes = async ({ page, expectAccessible }: Visit): Promise<void> => {
    for (const colorScheme of ["dark", "light"] as const) {
      await page.emulateMedia({ colorScheme });
      await expectAccessible();
    }
  };
  const rowOf = (page: Page, name: string) => page.getByRole("row", { name });

  test("a carrier announces a change, a vendor confirms it, and a later case is linked to it", async () => {
    // The API refuses the first form.
    const lead = await open("carrier", "/app/changes", { refusals: true });
    const { page } = lead;
    await page.getByText("Every affected company has confirmed each change.").waitFor();
    await inBothThemes(lead);
    await page.getByRole("button", { name: "Announce a change" }).click();
    const texts = {
      Title: title,
      Description: "Devices with the old addresses cannot send mail.",
      Starts: "2026-03-07T09:30",
      "Duties of the affected companies (optional)": "Replace the old addresses.",
      "Symptoms that it may cause (optional)": "No mail!",
      "Affected companies (optional)": `${story.cast.vendorName}, quill`,
      "Confirm by (optional)": "2026-03-07T10:00",
    };
    for (const [label, text] of Object.entries(texts)) await page.getByLabel(label, { exact: true }).fill(text);
    await inBothThemes(lead);
    await lead.expectReflow();
    await page.getByRole("button", { name: "Announce the change" }).click();
    // The API names the field whose value it refuses, and the texts of the person stay.
    await page.locator(".field .bad").first().waitFor();
    await page.getByLabel("Symptoms that it may cause (optional)").fill("no-mail, dead-device");
    await page.getByRole("button", { name: "Announce the change" }).click();
    await rowOf(page, title).getByText("2 of 2 not confirmed").waitFor();
    await rowOf(page, title).getByText("announced late").waitFor();
    await inBothThemes(lead);
    await lead.expectReflow();

    const engineer = await open("vendor");
    await rowOf(engineer.page, title).getByText("awaited").waitFor();
    await engineer.page.getByRole("link", { name: title }).click();
    await engineer.page.getByText("Replace the old addresses.").waitFor();
    expect(await engineer.page.getByText("quill").count(), "the name of another affected company").toBe(0);
    await inBothThemes(engineer);
    await engineer.page.getByRole("button", { name: "Confirm" }).click();
    await engineer.page.getByText("You confirmed").waitFor();
    await inBothThemes(engineer);
    await engineer.expectReflow();
    await engineer.end();

    await rowOf(page, title).getByText("1 of 2 not confirmed").waitFor();
    await story.advance("10:01");
    await rowOf(page, title).getByText("1 of 2 not confirmed, 1 overdue").waitFor();
    await page.getByRole("link", { name: title }).click();
    await page.getByRole("row", { name: "quill" }).getByText("overdue").waitFor();
    await page.getByText("No case that you may read is linked to this change.").waitFor();
    await story.open({ call: false, channel: "mail", carrierCaseId: "NT-1", title: "No mail since nine" });
    await page.getByRole("link", { name: "No mail since nine" }).waitFor();
    await inBothThemes(lead);
    await lead.expectReflow();
    await page.getByRole("link", { name: "No mail since nine" }).click();
    const causes = page.getByRole("region", { name: "Possible causes" });
    await causes.getByText("announced late").waitFor();
    await inBothThemes(lead);
    await lead.expectReflow();
    await causes.getByRole("button", { name: `Unlink the change: ${title}` }).click();
    await page.getByLabel("Reason").fill("The SIM is broken");
    await page.getByRole("dialog").getByRole("button", { name: "Unlink the change" }).click();
    await causes.waitFor({ state: "detached" });
    await lead.end();
  });

  test("by keyboard alone, a carrier announces, links a case and withdraws, and a vendor confirms", async () => {
    const lead = await open("carrier", "/app/board", { theme: "dark" });
    const { page } = lead;
    const { keyboard } = page;
    const type = async (texts: Readonly<Record<string, string>>): Promise<void> => {
      for (const [label, text] of Object.entries(texts)) {
        await page.getByLabel(label, { exact: true }).focus();
        await (label === "Starts" ? page.getByLabel(label).fill(text) : keyboard.type(text));
      }
    };
    await page.getByRole("grid", { name: "Cases" }).waitFor();
    await keyboard.press("g");
    await keyboard.press("c");
    await page.getByRole("heading", { name: "Changes", level: 1 }).waitFor();
    await keyboard.press("a");
    await page.getByRole("dialog").waitFor();
    const named = {
      Title: "A new mast",
      Starts: "2026-03-12T09:30",
      "Affected companies (optional)": story.cast.vendorName,
    };
    await type({ ...named, Description: "The old mast is off." });
    await page.getByRole("button", { name: "Announce the change" }).focus();
    await keyboard.press("Enter");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await rowOf(page, "A new mast").waitFor();
    expect(await rowOf(page, "A new mast").getByText("announced late").count()).toBe(0);

    const engineer = await open("vendor", "/app/changes", { theme: "dark" });
    await engineer.page.getByRole("link", { name: "A new mast" }).waitFor();
    await engineer.page.keyboard.press("j");
    await engineer.page.keyboard.press("Enter");
    await engineer.page.getByRole("button", { name: "Confirm" }).waitFor();
    await engineer.page.keyboard.press("c");
    await engineer.page.getByText("You confirmed").waitFor();
    expect(await engineer.page.evaluate<string>("document.activeElement?.id")).toBe("main");
    await engineer.end();

    await page.getByRole("link", { name: "A new mast" }).focus();
    await keyboard.press("Enter");
    await page.getByRole("heading", { name: "A new mast" }).waitFor();
    await keyboard.press("l");
    await page.getByLabel("Number of the case").waitFor();
    await type({ "Number of the case": "NT-2", Reason: "It began that night" });
    await page.getByRole("button", { name: "Link the case" }).focus();
    await keyboard.press("Enter");
    await page.getByRole("link", { name: "The handheld restarts" }).waitFor();
    await keyboard.press("w");
    await page.getByRole("dialog").waitFor();
    await type({ Reason: "The mast stays" });
    await page.getByRole("dialog").getByRole("button", { name: "Withdraw the change" }).focus();
    await keyboard.press("Enter");
    await page.getByText("The mast stays").waitFor();
    expect(await page.evaluate<string>("document.activeElement?.tagName")).not.toBe("BODY");
    await lead.end();
  });
});
