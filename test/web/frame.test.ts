import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Stage, openStage } from "../scenarios/stage.ts";
import { isSkipped, launchChromium, visit } from "./visit.ts";

/* The frame of every screen: signing in and out, the keys, the list of commands, the search, the themes and the timelines. */

describe.skipIf(isSkipped)("the frame", () => {
  let stage: Stage;
  let browser: Browser;
  let carrier: Awaited<ReturnType<Stage["party"]>>;
  beforeAll(async () => {
    [stage, browser] = await Promise.all([
      openStage({ console: true, insight: true, inProcess: true }),
      launchChromium(),
    ]);
    carrier = await stage.party("northtel", "carrier");
  });
  afterAll(() => Promise.all([browser?.close(), stage?.close()]));

  const link = async (path = "/"): Promise<string> => {
    const made = await carrier.client.post<{ path: string }>("/v1/sign-in-links", { person: "rep-7", roles: ["lead"] });
    return `${stage.url}${path}${made.path.slice(1)}`;
  };

  test("a link signs a person in once, on the screen that it names, and the person signs out", async () => {
    const address = await link("/app/duty");
    const { page, expectAccessible, expectReflow, end } = await visit(browser, address, { refusals: true });
    await page.getByText("rep-7 · northtel").waitFor();
    expect(page.url()).toBe(`${stage.url}/app/duty`);
    await expectAccessible();
    await expectReflow();
    await page.getByRole("button", { name: /rep-7/ }).click();
    await expectAccessible();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await expectAccessible();
    await expectReflow();
    await page.goto("about:blank");
    await page.goto(address);
    await page.getByRole("heading", { name: "This link does not work" }).waitFor();
    await end();
  });

  test("a session that its company ends shows the sign-in screen, and keeps the address", async () => {
    const { page, end } = await visit(browser, await link("/app/board"), { refusals: true });
    await page.getByText("rep-7 · northtel").waitFor();
    const { sessions } = await carrier.client.get<{ sessions: { id: string }[] }>("/v1/sessions");
    for (const { id } of sessions) await carrier.client.delete(`/v1/sessions/${id}`);
    // Another replica of intake can accept an ended session for up to 5 s.
    await expect
      .poll(
        async () => {
          await page.reload();
          return page.getByRole("heading", { name: "Sign in" }).isVisible();
        },
        { timeout: 10_000, interval: 1_000 },
      )
      .toBe(true);
    expect(page.url()).toBe(`${stage.url}/app/board`);
    await end();
  });

  test("another person who signs in in another tab ends the first person's screen, with its data", async () => {
    await carrier.client.post("/v1/cases", { carrierCaseId: "NT-1", title: "Only for northtel", channel: "web" });
    const other = await stage.party("southtel", "carrier");
    await other.client.post("/v1/cases", { carrierCaseId: "ST-1", title: "Only for southtel", channel: "web" });
    const { page, context, expectAccessible, end } = await visit(browser, await link("/app/board"), { refusals: true });
    await page.getByText("Only for northtel").waitFor();
    await page.goto(await link("/app/duty"));
    await page.getByText(`This browser is signed in as rep-7 of ${carrier.party}.`).waitFor();
    await expectAccessible();
    await page.getByRole("button", { name: "Stay signed in" }).click();
    await page.getByRole("heading", { name: "Duty" }).waitFor();
    await page.goto(`${stage.url}/app/board`);
    await page.getByText("Only for northtel").waitFor();
    await page.evaluate(
      "sessionStorage.setItem('crossline.claim.ho_1', '1'); localStorage.setItem('crossline.engineer', '{}')",
    );
    const made = await other.client.post<{ path: string }>("/v1/sign-in-links", { person: "rep-9", roles: ["lead"] });
    const second = await context.newPage();
    await second.goto(`${stage.url}${made.path}`);
    await second.getByRole("button", { name: "Sign in with the link" }).click();
    await second.getByText("Only for southtel").waitFor();
    await page.getByText("rep-9 · southtel").waitFor();
    await page.getByText("Only for southtel").waitFor();
    expect(await page.getByText("Only for northtel").count()).toBe(0);
    expect(await page.evaluate("sessionStorage.getItem('crossline.claim.ho_1')")).toBeNull();
    expect(await page.evaluate("localStorage.getItem('crossline.engineer')")).toBeNull();
    await second.getByRole("button", { name: /rep-9/ }).click();
    await second.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await page.goto(await link("/app/board"));
    await page.getByText("Only for northtel").waitFor();
    expect(await page.getByText("Only for southtel").count()).toBe(0);
    await end();
  });

  test("a link for the address of the open page signs in, and a sign-out that fails says so", async () => {
    const { page, end } = await visit(browser, `${stage.url}/app/board`, { refusals: true });
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await page.goto(await link("/app/board"));
    await page.getByText("rep-7 · northtel").waitFor();
    expect(page.url()).toBe(`${stage.url}/app/board`);
    await page.route("**/v1/session", (route) => route.fulfill({ status: 429, json: { title: "Too many requests" } }));
    await page.getByRole("button", { name: /rep-7/ }).click();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("alert").getByText("Too many requests").waitFor();
    await page.unroute("**/v1/session");
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await end();
  });

  test("a page that the button Back shows as it was is loaded again", async () => {
    const { page, end } = await visit(browser, await link("/app/board"));
    await page.getByText("rep-7 · northtel").waitFor();
    const loaded = page.waitForEvent("load");
    await page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))");
    await loaded;
    await page.getByText("rep-7 · northtel").waitFor();
    expect(await page.evaluate("performance.getEntriesByType('navigation')[0].type")).toBe("reload");
    await end();
  });

  test("a link whose sign-in is refused for a moment signs the person in at the second try", async () => {
    const { page, context, end } = await visit(browser, `${stage.url}/assets/none`, { refusals: true });
    let tries = 0;
    await page.route("**/v1/session", (route) =>
      tries++ === 0 ? route.fulfill({ status: 429, json: { title: "Too many requests" } }) : route.continue(),
    );
    await page.goto(await link("/app/board"));
    await page.getByRole("alert").getByText("Too many requests").waitFor();
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByText("rep-7 · northtel").waitFor();
    expect(await context.cookies()).toHaveLength(1);
    await end();
  });

  test("an address whose parameters have any values opens its screen", async () => {
    const { page, end } = await visit(browser, await link(), { refusals: true });
    await page.getByText("rep-7 · northtel").waitFor();
    const values = ["[]", '{"period":"x"}', "-1", "2026-02-31", "../board", "<img src=x onerror=alert(1)>"];
    const screens = {
      Board: ["board", "timeline", "queue", "model", "dueBefore", "severity", "phase", "sort"],
      Duty: ["duty", "timeline"],
      Rosters: ["rosters", "week", "view"],
      Reports: ["reports", "report", "by", "from", "zone", "of", "date"],
      "Action log": ["log", "after", "kind", "person"],
    };
    for (const [title, [path, ...names]] of Object.entries(screens)) {
      for (const value of values) {
        const query = new URLSearchParams([...names.map((name) => [name, value]), ["period", "day"]]);
        await page.goto(`${stage.url}/app/${path}?${query.toString()}`);
        await page.getByRole("heading", { level: 1, name: title, exact: true }).waitFor();
        expect(await page.getByText("This screen failed").count()).toBe(0);
      }
    }
    for (const id of ["..%2Fboard", "..%2Fme", "%3Ca%3E"]) {
      await page.goto(`${stage.url}/app/cases/${id}?timeline=1&at=[]`);
      await page.getByRole("heading", { name: /You have no case with this id|The case cannot be shown/ }).waitFor();
    }
    await end();
  });

  test("the keyboard alone opens screens, the commands and the help, and switches the single keys off", async () => {
    const { page, expectAccessible, end } = await visit(browser, await link());
    const { keyboard } = page;
    await page.getByText("rep-7 · northtel").waitFor();
    await keyboard.press("g");
    await keyboard.press("d");
    await page.waitForURL("**/app/duty");
    await keyboard.press("Control+k");
    await page.getByRole("dialog", { name: "Commands" }).waitFor();
    await expectAccessible();
    await keyboard.type("rosters");
    await keyboard.press("Enter");
    await page.waitForURL("**/app/rosters");
    await keyboard.press("?");
    const help = page.getByRole("dialog", { name: "Keys" });
    await help.getByText("Go to board").waitFor();
    await expectAccessible();
    await help.getByRole("checkbox", { name: "Single keys work" }).press("Space");
    await keyboard.press("Escape");
    await help.waitFor({ state: "detached" });
    await keyboard.press("g");
    await keyboard.press("b");
    expect(page.url()).toMatch(/rosters$/);
    await end();
  });

  test("the search finds a case by its number and opens it by keyboard", async () => {
    const { id } = await carrier.client.post<{ id: string }>("/v1/cases", {
      carrierCaseId: "NT-4711",
      title: "No signal after update",
      channel: "web",
    });
    const { page, expectAccessible, end } = await visit(browser, await link());
    await page.getByText("rep-7 · northtel").waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("NT-4711");
    await page.getByRole("option", { name: /No signal after update/ }).waitFor();
    await expectAccessible();
    await page.keyboard.press("Enter");
    await expect.poll(() => page.url()).toBe(`${stage.url}/app/cases/${id}`);
    await end();
  });

  test("a theme that a person chooses stays after the page is loaded again", async () => {
    const { page, expectAccessible, end } = await visit(browser, await link());
    await page.getByRole("button", { name: /rep-7/ }).press("Enter");
    await page.getByLabel("Theme").selectOption("dark");
    const ground = () => page.evaluate<string>("getComputedStyle(document.documentElement).backgroundColor");
    await expect.poll(ground).toBe("rgb(20, 23, 28)");
    await expectAccessible();
    await page.reload();
    await page.getByText("rep-7 · northtel").waitFor();
    await expect.poll(ground).toBe("rgb(20, 23, 28)");
    await end();
  });

  test("a story that begins to play is offered without a reload, and its board opens", async () => {
    const { page, end } = await visit(browser, await link());
    await page.getByText("rep-7 · northtel").waitFor();
    // The page knows the timelines that are there, so a later one is new.
    await page.waitForResponse((response) => response.url().includes("/v1/timelines"));
    const { id } = await carrier.client.post<{ id: string }>("/v1/timelines", { kind: "stepped" });
    await page.getByRole("link", { name: "Show its board" }).click({ timeout: 15_000 });
    await expect.poll(() => page.url()).toBe(`${stage.url}/app/board?timeline=${id}`);
    await end();
  });
});
