import { openQueues } from "@crossline/cli";
import type { BoardPage, LineDocument } from "@crossline/contracts";
import { waitFor } from "@crossline/testing";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Stage, openStage } from "../scenarios/stage.ts";
import { openCutProxy } from "./cut-proxy.ts";
import { type Visit, isSkipped, launchChromium, visit } from "./visit.ts";

/*
 * A vendor's agent works through the queue board, once with the pointer and once by keyboard alone, while a carrier's rep sees each change
 * live.
 */

const line = (vendor: string): LineDocument => ({
  line: "handheld-consumer",
  mode: "cross",
  calendar: "24x7",
  clocks: [{ kind: "stall.busy", target: "PT10S", warnAt: [] }],
  crossing: [{ to: `queue:${vendor}.handheld`, mode: "ticket", acceptWithin: "PT2H", repeat: 1 }],
  lastResort: ["https://duty.northtel.example/"],
});
const longTitle = "A title of eighty characters, because the customer told the whole story of it";
const rightToLeft = "הטלפון לא נדלק אחרי העדכון";

describe.skipIf(isSkipped)("the board", () => {
  let stage: Stage;
  let browser: Browser;
  let carrier: Awaited<ReturnType<Stage["party"]>>;
  let vendor: typeof carrier;
  let number = 0;

  beforeAll(async () => {
    [stage, browser] = await Promise.all([openStage({ console: true, inProcess: true }), launchChromium()]);
    [carrier, vendor] = [await stage.party("northtel", "carrier"), await stage.party("orchard", "vendor")];
    await openQueues(vendor.client, vendor.party, [line(vendor.party)]);
    await waitFor(() => carrier.client.post("/v1/lines", line(vendor.party)), { timeoutMs: 5_000 });
    const ids = [await openCase(longTitle), await openCase(rightToLeft)];
    await waitFor(
      async () => {
        const { items } = await vendor.client.get<BoardPage>("/v1/board?scope=handoffs");
        return ids.every((id) => items.some((row) => row.id === id && row.phase === "offered")) || undefined;
      },
      { timeoutMs: 30_000, what: "two offers" },
    );
  });
  afterAll(() => Promise.all([browser?.close(), stage?.close()]));

  const openCase = async (title: string): Promise<string> => {
    const { id } = await carrier.client.post<{ id: string }>("/v1/cases", {
      carrierCaseId: `NT-${++number}`,
      line: "handheld-consumer",
      title,
      channel: "phone",
      device: { vendor: vendor.party, model: "Handheld 8700" },
      symptom: "no-signal",
      handling: {},
      person: "rep-7",
    });
    return id;
  };
  const signIn = async (party: typeof carrier, person: string, base = stage.url): Promise<Visit> => {
    const roles = [party === carrier ? "rep" : "vendor-agent"];
    const { path } = await party.client.post<{ path: string }>("/v1/sign-in-links", { person, roles });
    const visited = await visit(browser, `${base}${path}`);
    await visited.page.getByRole("grid", { name: "Cases" }).waitFor();
    return visited;
  };
  const rowOf = (page: Page, title: string) => page.getByRole("row", { name: title });
  const inBothThemes = async ({ page, expectAccessible }: Visit): Promise<void> => {
    for (const colorScheme of ["dark", "light"] as const) {
      await page.emulateMedia({ colorScheme });
      await expectAccessible();
    }
  };
  const fill = async (page: Page, texts: Readonly<Record<string, string>>): Promise<void> => {
    for (const [label, text] of Object.entries(texts)) await page.getByLabel(label, { exact: true }).fill(text);
  };
  const engineer = {
    Engineer: "Ada Lovett",
    "Contact of the engineer": "ada@orchard.example",
    "Your number of the case": "OR-1",
    "Next step": "Free the memory",
  };

  test("an agent claims, asks, accepts with the read-back and solves with the pointer, and a rep sees it live", async () => {
    const rep = await signIn(carrier, "rep-7");
    const agent = await signIn(vendor, "eng-1");
    const { page } = agent;
    const seen = rowOf(rep.page, longTitle);
    await seen.getByText("offered").waitFor();
    await inBothThemes(agent);
    await rowOf(page, longTitle).getByText("offered").click();
    const pane = page.getByRole("region", { name: longTitle });
    await pane.getByText("Handheld 8700").waitFor();
    await inBothThemes(agent);
    await pane.getByRole("button", { name: "Claim" }).click();
    await page.getByText("Claimed NT-1").waitFor();
    await seen.getByText("claimed").waitFor();
    await pane.getByRole("button", { name: "Ask a question" }).click();
    await fill(page, { Question: "Which code does the customer see?" });
    await pane.getByRole("button", { name: "Ask", exact: true }).click();
    await seen.getByText("question asked").waitFor();

    // After a reload, the tab still has the token. Without it, the same person gets a new one.
    await page.evaluate("sessionStorage.clear()");
    await page.reload();
    await rowOf(page, longTitle).getByText("question asked").click();
    await pane.getByRole("button", { name: "Accept" }).click();
    await page.getByLabel("Tried so far, as you read it back").waitFor();
    expect(await page.getByLabel("The problem, as you read it back").inputValue()).toBe(
      `${longTitle} (Handheld 8700, no-signal)`,
    );
    await inBothThemes(agent);
    await agent.expectReflow();
    await fill(page, engineer);
    await pane.getByRole("button", { name: "Accept the case" }).click();
    await page.getByText("Accepted NT-1").waitFor();
    await seen.getByText("accepted").waitFor();
    await pane.getByRole("button", { name: "Solve" }).click();
    await fill(page, { "Fix code": "memory-full" });
    await pane.getByRole("button", { name: "Report the fix" }).click();
    await page.getByText("Solved NT-1").waitFor();
    await seen.getByText("resolved").waitFor();
    await Promise.all([agent.end(), rep.end()]);
  });

  test("an agent does the same by keyboard alone", async () => {
    const agent = await signIn(vendor, "eng-2");
    const { page } = agent;
    const { keyboard } = page;
    await rowOf(page, rightToLeft).waitFor();
    await keyboard.press("j");
    await page.locator("[role=row]:focus").waitFor();
    await keyboard.press("q");
    await page.getByRole("form", { name: "Ask a question" }).waitFor();
    await keyboard.press("Tab");
    await keyboard.type("Which code?");
    await keyboard.press("Tab");
    await keyboard.press("Enter");
    await page.getByText("Asked NT-2").waitFor();
    await keyboard.press("a");
    await page.getByRole("form", { name: "Accept" }).waitFor();
    for (const text of Object.values(engineer)) {
      await keyboard.type(text);
      await keyboard.press("Tab");
    }
    await keyboard.press("Enter");
    await page.getByText("Accepted NT-2").waitFor();
    // The key works when the brief shows the accepted hand-off, as its button does.
    await page.getByRole("button", { name: "Solve" }).waitFor();
    await keyboard.press("s");
    await page.getByRole("form", { name: "Solve" }).waitFor();
    await keyboard.type("memory-full");
    await keyboard.press("Enter");
    await page.getByText("Solved NT-2").waitFor();
    // The row has left at once, or it stays as gone, because the focus is in the list again.
    await page
      .getByText(/^gone$|^Nothing waits\.$/)
      .first()
      .waitFor();
    await keyboard.press("n");
    await page.getByText("Nothing waits.").waitFor();
    expect(await page.getByRole("grid").count(), "the list of an empty board").toBe(0);
    await expect.poll(() => page.evaluate<string>("document.activeElement?.id")).toBe("main");
    await agent.end();
  });

  test("a saved view keeps the filters, and shows the same rows from its link", async () => {
    const lead = await signIn(carrier, "rep-9");
    const { page } = lead;
    await page.getByRole("button", { name: "critical" }).click();
    await page.getByText("No case passes the filters.").waitFor();
    await page.getByRole("button", { name: "Views" }).click();
    await page.getByLabel("Save the present filters as").fill("Critical cases");
    await page.getByRole("button", { name: "Save the view" }).click();
    await page.getByRole("link", { name: "Critical cases" }).waitFor();
    await inBothThemes(lead);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Clear the filters" }).click();
    await rowOf(page, longTitle).waitFor();
    await page.getByRole("button", { name: "Views" }).click();
    await page.getByRole("link", { name: "Critical cases" }).click();
    await page.getByText("No case passes the filters.").waitFor();
    expect(new URL(page.url()).searchParams.get("severity")).toContain("critical");
    await page.getByRole("button", { name: "Views" }).click();
    await page.getByRole("button", { name: "Delete Critical cases" }).click();
    await page.getByText("Your company has saved no view of this board.").waitFor();
    await lead.end();
  });

  test("a lost stream is shown with the age of the data, and the board has the missed changes later", async () => {
    const proxy = await openCutProxy(stage.url);
    const rep = await signIn(carrier, "rep-8", proxy.url);
    await rep.page.getByText("live · as of").waitFor();
    await proxy.cut();
    await rep.page.getByText("The screen lost its connection to Crossline.").waitFor();
    await openCase("Opened while the stream was lost");
    await proxy.reopen();
    await rowOf(rep.page, "Opened while the stream was lost").waitFor();
    await rep.page.getByText("live · as of").waitFor();
    expect(await rep.page.getByText("The screen lost its connection").count()).toBe(0);
    await rep.context.close();
    await proxy.close();
  });
});
