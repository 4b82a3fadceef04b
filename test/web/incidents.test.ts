import type { IncidentPage, LineDocument } from "@crossline/contracts";
import { waitFor } from "@crossline/testing";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Stage, openStage } from "../scenarios/stage.ts";
import type { Story } from "../scenarios/story.ts";
import { type Visit, isSkipped, launchChromium, visit } from "./visit.ts";

/*
 * Alike cases become an incident. A carrier's lead writes to all customers, adds and removes cases, and ends the incident. Once with the
 * pointer, and once by keyboard alone.
 */

const line = (vendor: string): LineDocument => ({
  line: "handheld-consumer",
  mode: "cross",
  calendar: "24x7",
  clocks: [{ kind: "stall.idle", target: "P1D", warnAt: [] }],
  crossing: [{ to: `queue:${vendor}.handheld`, mode: "ticket", acceptWithin: "PT2H", repeat: 1 }],
  lastResort: ["https://duty.northtel.example/"],
  incidents: { cases: 3, within: "PT1H" },
});

describe.skipIf(isSkipped)("incidents", () => {
  let stage: Stage;
  let browser: Browser;
  let story: Story;
  beforeAll(async () => {
    [stage, browser] = await Promise.all([openStage({ console: true, inProcess: true }), launchChromium()]);
    story = await stage.story(line);
    for (const number of [1, 2, 3]) await openCase(number, "no-signal");
    for (const number of [7, 8]) await openCase(number, "screen-dark");
    await openCase(9, "battery");
    await waitFor(async () => ((await incidents())[0]?.cases === 3 ? true : undefined), { what: "an incident" });
  });
  afterAll(() => Promise.all([browser?.close(), stage?.close()]));

  const openCase = (number: number, symptom: string) =>
    story.open({ call: false, channel: "mail", carrierCaseId: `NT-${number}`, title: `Case ${number}`, symptom });
  const incidents = async () =>
    (await story.cast.carrier.get<IncidentPage>(`/v1/incidents?timeline=${story.timeline}`)).items;
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

  test("a lead reads an incident, writes one message, and adds and removes a case", async () => {
    const visited = await open("/app/incidents");
    const { page } = visited;
    const row = page.getByRole("row", { name: /no-signal on Handheld 8700/ });
    await row.getByRole("link", { name: "Case 1 NT-1" }).waitFor();
    await page.getByText("No incident has ended.").waitFor();
    await inBothThemes(visited);
    await visited.expectReflow();
    await row.getByRole("link", { name: /no-signal on Handheld 8700/ }).click();
    const members = page.getByRole("region", { name: "Members", exact: true });
    await members.getByRole("row", { name: /Case 3 NT-3 acknowledged/ }).waitFor();
    await inBothThemes(visited);
    await visited.expectReflow();

    await page.getByRole("button", { name: "Write to all customers" }).click();
    await page.getByRole("textbox", { name: "Message" }).fill("It is your own fault. A person repairs the mast.");
    await inBothThemes(visited);
    await page.getByRole("button", { name: "Write the message" }).click();
    const messages = page.getByRole("region", { name: "Messages to all customers" });
    await messages.getByText("Held: the guard marked a place.").waitFor();
    expect(await messages.locator("mark").innerText()).toContain("your own fault");
    await inBothThemes(visited);
    await messages.getByRole("button", { name: "Release" }).click();
    await page.getByLabel("Reason").fill("It quotes the customer");
    await page.getByRole("button", { name: "Release the message" }).click();
    await messages.getByText(/· 3 cases/).waitFor();

    await page.getByRole("button", { name: "Add a case" }).click();
    await page.getByLabel("Number of the case").fill("NT-77");
    await page.getByLabel("Reason").fill("The same mast");
    await page.getByRole("button", { name: "Add the case" }).click();
    await page.getByText(/^✕ NT-77 is not the number or the id of a case/).waitFor();
    await page.getByLabel("Number of the case").fill("NT-7");
    await page.getByRole("button", { name: "Add the case" }).click();
    await members.getByRole("row", { name: /Case 7 NT-7/ }).waitFor();
    await page.getByRole("group", { name: "Commands of NT-2" }).getByRole("button").click();
    await page.getByLabel("Reason").fill("The SIM is broken");
    await page.getByRole("button", { name: "Remove the case" }).click();
    const former = page.getByRole("region", { name: "Former members" });
    await former.getByText("The SIM is broken").waitFor();

    await members.getByRole("link", { name: "Case 7 NT-7" }).click();
    await page.getByRole("link", { name: "Member of an incident" }).waitFor();
    await inBothThemes(visited);
    await visited.expectReflow();
    await page.getByRole("link", { name: "the lead case" }).click();
    await page.getByRole("link", { name: "Lead case of an incident with 3 cases" }).waitFor();
    await visited.end();
  });

  test("by keyboard alone, a lead opens an incident, writes a message and ends the incident", async () => {
    const visited = await open("/app/board", "dark");
    const { page } = visited;
    const { keyboard } = page;
    const type = async (texts: Readonly<Record<string, string>>, button: string): Promise<void> => {
      for (const [label, text] of Object.entries(texts)) {
        await page.getByLabel(label, { exact: true }).focus();
        await keyboard.type(text);
      }
      await page.getByRole("button", { name: button }).focus();
      await keyboard.press("Enter");
      await page.getByRole("dialog").waitFor({ state: "detached" });
    };
    await page.getByRole("grid", { name: "Cases" }).waitFor();
    await keyboard.press("g");
    await keyboard.press("i");
    await page.getByRole("heading", { name: "Incidents", level: 1 }).waitFor();
    await keyboard.press("a");
    await page.getByRole("dialog").waitFor();
    const named = { "Number of the lead case": "NT-8", "Numbers of the other cases (optional)": "NT-9" };
    await type({ ...named, Reason: "A mast is down" }, "Open the incident");
    const link = page.getByRole("link", { name: /screen-dark on Handheld 8700/ });
    await link.waitFor();
    // Both incidents have the instant of the timeline, so the new one is the second row.
    await keyboard.press("j");
    await keyboard.press("j");
    await expect.poll(() => page.evaluate<string>("document.activeElement?.textContent")).toContain("screen-dark");
    await keyboard.press("Enter");
    const members = page.getByRole("region", { name: "Members", exact: true });
    await members.getByRole("link", { name: "Case 9 NT-9" }).waitFor();
    await keyboard.press("w");
    await page.getByRole("dialog").waitFor();
    await type({ Message: "A person repairs the mast." }, "Write the message");
    await page.getByText(/· 2 cases/).waitFor();
    await keyboard.press("e");
    await page.getByRole("dialog").waitFor();
    const text = page.getByText("ended: ended by a person");
    await page.getByLabel("Reason").focus();
    await keyboard.type("Different causes");
    await page.getByRole("dialog").getByRole("button", { name: "End the incident" }).focus();
    await keyboard.press("Enter");
    await text.waitFor();
    expect(await page.evaluate<string>("document.activeElement?.tagName")).not.toBe("BODY");
    await visited.end();
  });
});
