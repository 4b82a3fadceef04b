import type { CustomerLink } from "@crossline/contracts";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { handheld } from "../scenarios/handheld-line.ts";
import { type Stage, openStage } from "../scenarios/stage.ts";
import { type Story, instant } from "../scenarios/story.ts";
import { isSkipped, launchChromium, visit } from "./visit.ts";

/*
 * The customer of story 1 follows the case on a phone, from the opening to the confirmation. The tests use touch, the keyboard alone, and
 * links that have ended. No API key and no cookie is in the browser.
 */

const phone = { width: 390, height: 844, zone: "Europe/Vienna" } as const;

describe.skipIf(isSkipped)("a customer", () => {
  let stage: Stage;
  let browser: Browser;
  beforeAll(async () => {
    [stage, browser] = await Promise.all([openStage({ console: true, inProcess: true }), launchChromium()]);
  });
  afterAll(() => Promise.all([browser?.close(), stage?.close()]));

  const linkOf = async ({ cast, path }: Story, body: object = {}) =>
    (await cast.carrier.post<CustomerLink>(`${path}/customer-links`, body)).path;

  /** Plays story 1 until the vendor has resolved the case. */
  async function resolvedCase(title: string): Promise<Story> {
    const story = await stage.story(handheld);
    await story.open({ call: false, title, channel: "web" });
    await story.write({ kind: "note", audience: "partners", text: "INTERNAL note" });
    const promise = { text: "A call by a specialist", from: instant("10:00"), until: instant("11:00") };
    await story.cast.carrier.post(`${story.path}/promises`, promise);
    await story.advance("09:10");
    const { version } = await story.read();
    await story.cast.carrier.post(`${story.path}/crossings`, { asOf: version });
    await story.advance("09:11");
    const handoffId = (await story.handoffs())[0]?.handoffId ?? "";
    const claim = await story.claim("handheld", handoffId);
    await story.accept("handheld", handoffId, claim);
    await story.advance("09:12");
    await story.cast.vendor.post(`${story.handoffPath("handheld", handoffId)}/resolve`, {
      token: claim.token,
      person: "eng-4",
      fixCode: "memory-cleared",
      note: "INTERNAL fix",
    });
    return story;
  }

  const open = async (address: string, options: object = {}) => {
    const visited = await visit(browser, `${stage.url}${address}`, { ...phone, ...options });
    await visited.page.getByRole("heading", { level: 1 }).waitFor();
    return visited;
  };
  const expectNothingInternal = async (page: Page) => {
    const text = await page.locator("body").innerText();
    expect(text).not.toMatch(/internal|rep-17|Ada|eng-4|memory-cleared|stall|cs_/i);
  };

  test("gets a link that a rep makes by keyboard on the screen of the case, and loses it when the rep ends all links", async () => {
    const story = await stage.story(handheld);
    await story.open({ call: false });
    const { cast, caseId, timeline } = story;
    const request = { person: "rep-17", roles: ["rep"] };
    const { path } = await cast.carrier.post<{ path: string }>("/v1/sign-in-links", request);
    const address = `${stage.url}/app/cases/${caseId}?timeline=${timeline}${path.slice(1)}`;
    const rep = await visit(browser, address);
    await rep.page.getByRole("button", { name: "Link for the customer" }).waitFor();
    await rep.page.keyboard.press("l");
    const dialog = rep.page.getByRole("dialog", { name: "A link for the customer" });
    await dialog.getByRole("button", { name: "Make a link" }).press("Enter");
    const link = await dialog.locator("code").filter({ hasText: "/track#" }).innerText();
    await rep.expectAccessible();
    const customer = await visit(browser, link, { ...phone, refusals: true });
    await customer.page.getByRole("heading", { name: "Handheld is dead" }).waitFor();
    await dialog.getByRole("button", { name: "End all links of this case" }).press("Enter");
    await dialog.getByText("All links of this case have ended.").waitFor();
    await customer.page.reload();
    await expect.poll(() => customer.page.locator("body").innerText()).toMatch(/expired or is not valid|new one/);
    await rep.end();
    await customer.end();
  });

  test("reads the case in the carrier's zone, reports that it is still broken, and the case reopens at the carrier", async () => {
    const story = await resolvedCase("המכשיר לא נדלק — handheld is dead");
    const visited = await open(await linkOf(story, { zone: "America/Toronto" }));
    const { page, context, expectAccessible, expectReflow, end } = visited;
    await page.getByRole("heading", { name: "We think that the problem is fixed." }).waitFor();
    const situation = page.getByRole("region", { name: "We think that the problem is fixed." });
    await situation.getByText("northtel must keep its promise to you by Sat 7 Mar, 11:00.").waitFor();
    await page.getByText("Times are in the time zone Toronto.").waitFor();
    const history = page.getByRole("region", { name: "History" });
    expect(await history.getByRole("listitem").allInnerTexts()).toEqual([
      expect.stringContaining("orchard reported that the problem is fixed."),
      expect.stringContaining("Your case went to orchard."),
      expect.stringContaining("A call by a specialist"),
      expect.stringContaining("northtel opened your case."),
    ]);
    await expectNothingInternal(page);
    expect(await context.cookies()).toEqual([]);
    await expectAccessible();
    await expectReflow();

    await page.getByRole("button", { name: "It is still broken" }).click();
    await page.getByLabel("Describe the problem").fill("It is dead\nagain.");
    await expectAccessible();
    await page.getByRole("button", { name: "Send: it is still broken" }).click();
    await page.getByText("Thank you. Your case is open again.").waitFor();
    await page.getByRole("heading", { name: "Your case is open again." }).waitFor();
    await history.getByText("It is dead again.").waitFor();
    expect(await story.read()).toMatchObject({ status: "reopened", holder: story.cast.carrierName });
    await expectReflow();
    await end();
  });

  test("confirms by keyboard alone that it works, in the zone of the browser and in dark colours", async () => {
    const story = await resolvedCase("Handheld is dead");
    const { page, expectAccessible, expectReflow, end } = await open(await linkOf(story), { theme: "dark" });
    await page.getByText("Times are in the time zone Vienna.").waitFor();
    await expectAccessible();
    await page.keyboard.press("Tab");
    await expectFocus(page, "It works");
    await page.keyboard.press("Enter");
    await expectFocus(page, "Your remark (optional)");
    await page.keyboard.type("Thank you!");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByText("Thank you. We know now that it works.").waitFor();
    await page.getByRole("heading", { name: "Your case is closed." }).waitFor();
    expect(await page.evaluate<string>("document.activeElement?.tagName")).not.toBe("BODY");
    await page.getByLabel("Your message or your answer").waitFor();
    expect((await story.read()).status).toBe("closed");
    await expectAccessible();
    await expectReflow();
    await end();
  });

  test("loses no text when the server does not respond, and the second try is recorded once", async () => {
    const story = await resolvedCase("Handheld is dead");
    const { page, end } = await open(await linkOf(story), { refusals: true });
    await page.getByRole("button", { name: "Add something" }).click();
    await page.getByRole("textbox", { name: "Your message" }).fill("It becomes warm.");
    let lost = 0;
    await page.route("**/v1/customer-view/contacts", async (route) => {
      // The first request is recorded, and its response is lost.
      if (lost++ > 0) return route.continue();
      await route.fetch();
      return route.fulfill({ status: 429, json: { title: "Too many requests; retry later" } });
    });
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await page.getByText("You have sent very much in a short time.").waitFor();
    expect(await page.getByRole("textbox", { name: "Your message" }).inputValue()).toBe("It becomes warm.");
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await page.getByText("Thank you. Your message has arrived.").waitFor();
    const { items } = await story.cast.carrier.get<{ items: { channel: string }[] }>(`${story.path}/contacts`);
    expect(items.filter(({ channel }) => channel === "web")).toHaveLength(2);
    await end();
  });

  test("reads a clear text for an ended, a forged and a missing link", async () => {
    const story = await resolvedCase("Handheld is dead");
    const link = await linkOf(story);
    await story.cast.carrier.delete(`${story.path}/customer-links`);
    for (const address of [link, `${link.slice(0, -3)}AAA`, "/track#x"]) {
      const { page, expectAccessible, expectReflow, end } = await open(address, { refusals: true });
      await page.getByRole("heading", { name: "This link has expired" }).waitFor();
      await page.getByText("Ask the company that sent it to you for a new one.").waitFor();
      expect(await page.getByText("Handheld").count()).toBe(0);
      await expectAccessible();
      await expectReflow();
      await end();
    }
    const { page, end } = await open("/track");
    await page.getByRole("heading", { name: "This address has no link" }).waitFor();
    await end();
  });

  test("keeps the case and the text when the link ends while the customer writes", async () => {
    const story = await resolvedCase("Handheld is dead");
    const { page, end } = await open(await linkOf(story), { refusals: true });
    await page.getByRole("button", { name: "Add something" }).click();
    await page.getByRole("textbox", { name: "Your message" }).fill("A long text");
    await story.cast.carrier.delete(`${story.path}/customer-links`);
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await page.getByRole("alert").getByText("This link has expired or is not valid").waitFor();
    expect(await page.getByRole("textbox", { name: "Your message" }).inputValue()).toBe("A long text");
    await end();
  });

  test("keeps the text when the case has changed in the meantime, and sends it as a message", async () => {
    const story = await resolvedCase("Handheld is dead");
    const { page, end } = await open(await linkOf(story), { refusals: true });
    await page.getByRole("button", { name: "It is still broken" }).click();
    await page.getByLabel("Describe the problem").fill("Still dead");
    await story.cast.carrier.post(`${story.path}/confirm`);
    await page.getByRole("button", { name: "Send: it is still broken" }).click();
    await page.getByText("The case has changed in the meantime").waitFor();
    await page.getByRole("button", { name: "Send the text as a message" }).click();
    expect(await page.getByRole("textbox", { name: "Your message" }).inputValue()).toBe("Still dead");
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await page.getByText("Thank you. Your message has arrived.").waitFor();
    await end();
  });

  test("uses a browser without Temporal", async () => {
    const story = await resolvedCase("Handheld is dead");
    const context = await browser.newContext({ viewport: { width: 320, height: 640 } });
    await context.addInitScript("delete globalThis.Temporal");
    const page = await context.newPage();
    await page.goto(`${stage.url}${await linkOf(story)}`);
    await page.getByRole("heading", { name: "Handheld is dead" }).waitFor();
    expect(await page.evaluate("typeof Temporal")).toBe("undefined");
    await context.close();
  });
});

async function expectFocus(page: Page, name: string): Promise<void> {
  await expect
    .poll(() =>
      page.evaluate<string>("document.activeElement?.labels?.[0]?.innerText ?? document.activeElement?.innerText"),
    )
    .toContain(name);
}
