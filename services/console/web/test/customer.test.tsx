import type { CustomerView } from "@crossline/contracts";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { page as browserPage } from "vitest/browser";
import { render } from "vitest-browser-react";
import { CustomerScreen } from "../src/customer/customer-screen.tsx";
import "../src/styles/tokens.css";
import "../src/styles/base.css";

beforeEach(() => {
  location.hash = "#a.b.c";
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
  location.hash = "";
});

const base: CustomerView = {
  caseNumber: "NT-4711",
  title: "Handheld is dead",
  carrier: "Northtel",
  situation: "in-progress",
  text: "Orchard works on your case.",
  openedAt: "2026-03-07T14:00:00Z",
  holder: { name: "Orchard", since: "2026-03-07T14:25:00Z" },
  steps: [],
  acts: ["add"],
  missing: [],
  at: "2026-03-07T15:00:00Z",
  stepped: true,
  zone: "America/Toronto",
  linkExpiresAt: "2026-04-06T14:00:00Z",
};

type Request = { readonly method: string; readonly headers: Readonly<Record<string, string>>; readonly body: unknown };

/** Shows the screen. `respond` gives each response, and the result has all requests. */
async function show(respond: (request: Request, index: number) => Response) {
  const requests: Request[] = [];
  vi.stubGlobal("fetch", (_path: string, { method = "GET", headers = {}, body, ...more }: RequestInit = {}) => {
    const text = typeof body === "string" ? (JSON.parse(body) as unknown) : undefined;
    const request = { method, headers: headers as Record<string, string>, body: text, ...more };
    requests.push(request);
    return Promise.resolve(respond(request, requests.length));
  });
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const page = await render(
    <QueryClientProvider client={client}>
      <CustomerScreen />
    </QueryClientProvider>,
  );
  return { page, requests };
}
const showing = (more: Partial<CustomerView>) => show(() => Response.json({ ...base, ...more }));

test("a request has the token and no cookie", async () => {
  const { page, requests } = await showing({});
  await expect.element(page.getByText("Orchard has it since Sat 7 Mar, 09:25.")).toBeVisible();
  expect(requests[0]).toMatchObject({ headers: { authorization: "Bearer a.b.c" }, credentials: "omit" });
});

test("an answer that is due, late, promised, not owed and unknown has a sentence of its own", async () => {
  const owed = { by: "2026-03-07T16:00:00Z", name: "Northtel", promised: false, late: false };
  const cases: readonly (readonly [Partial<CustomerView>, string])[] = [
    [{ nextAnswer: owed }, "Northtel answers you by Sat 7 Mar, 11:00 at the latest."],
    [{ nextAnswer: { ...owed, promised: true } }, "Northtel must keep its promise to you by Sat 7 Mar, 11:00."],
    [{ nextAnswer: { ...owed, late: true } }, "Late: Northtel owed you an answer by Sat 7 Mar, 11:00"],
    [{}, "No answer to you is open at the moment."],
    [{ missing: ["nextAnswer"] }, "The time of the next answer is not available at the moment."],
  ];
  for (const [view, text] of cases) {
    const { page } = await showing(view);
    await expect.element(page.getByText(text, { exact: false })).toBeVisible();
    await page.unmount();
  }
});

test("a promise of the history has its deadline, or its window", async () => {
  const promised = { at: "2026-03-07T14:00:00Z", kind: "promised" as const, text: "Northtel made you a promise." };
  const window = { from: "2026-03-07T15:00:00Z", until: "2026-03-07T16:00:00Z" };
  const { page } = await showing({
    steps: [
      { ...promised, until: window.until },
      { ...promised, ...window },
    ],
  });
  await expect.element(page.getByText("by Sat 7 Mar, 11:00", { exact: true })).toBeVisible();
  await expect.element(page.getByText("between Sat 7 Mar, 10:00 and Sat 7 Mar, 11:00", { exact: true })).toBeVisible();
});

test("the year is shown if it is another one", async () => {
  const { page } = await showing({ openedAt: "2025-12-31T14:00:00Z" });
  await expect.element(page.getByText(/Opened Wed,? 31 Dec 2025, 09:00/)).toBeVisible();
});

test("a hundred steps with long words and right-to-left words fit into 320 px", async () => {
  await browserPage.viewport(320, 640);
  const steps = Array.from({ length: 100 }, (_, index) => ({
    at: "2026-03-07T14:00:00Z",
    kind: "note" as const,
    text: "Northtel wrote to you.",
    words: index % 2 === 0 ? "x".repeat(4_000) : "המכשיר לא נדלק ".repeat(20),
  }));
  const title = `${"W".repeat(80)} המכשיר`;
  const { page } = await showing({ steps, title, caseNumber: "N".repeat(100), acts: ["works", "still-broken", "add"] });
  await expect.element(page.getByRole("heading", { level: 1 })).toBeVisible();
  expect(page.getByRole("listitem").elements()).toHaveLength(100);
  expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(320);
  await browserPage.viewport(1280, 720);
});

test("without steps, and without acts, the screen says so", async () => {
  const { page } = await showing({ acts: [] });
  await expect.element(page.getByText("The history begins in a moment.")).toBeVisible();
  await expect.element(page.getByText("This case accepts no more messages.", { exact: false })).toBeVisible();
  await page.unmount();
  const again = await showing({ missing: ["steps"] });
  await expect.element(again.page.getByText("The history is not available at the moment.")).toBeVisible();
});

test("the first read that fails can be tried again", async () => {
  const { page } = await show((_, index) =>
    index === 1 ? Response.json({ title: "overloaded" }, { status: 503 }) : Response.json(base),
  );
  await expect.element(page.getByText("Your case cannot be read.")).toBeVisible();
  await page.getByRole("button", { name: "Try again" }).click();
  await expect.element(page.getByText("Orchard works on your case.")).toBeVisible();
});

test("the screen reads the case again after 30 seconds, and keeps the text that the customer writes", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date"] });
  const { page, requests } = await show((_, index) =>
    Response.json({ ...base, text: index === 1 ? "Orchard works on your case." : "Northtel works on your case." }),
  );
  await vi.waitFor(() => expect(page.getByRole("textbox").elements()).toHaveLength(1));
  await page.getByRole("textbox").fill("It becomes");
  await vi.advanceTimersByTimeAsync(29_000);
  expect(requests).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(2_000);
  await vi.waitFor(() => expect(page.getByText("Northtel works on your case.").elements()).toHaveLength(1));
  expect((page.getByRole("textbox").element() as HTMLTextAreaElement).value).toBe("It becomes");
});

test("an act without a response is sent again with the same key", async () => {
  const { page, requests } = await show(({ method }, index) => {
    if (method === "GET") return Response.json(base);
    return index === 2 ? Response.json({ title: "down" }, { status: 502 }) : Response.json({}, { status: 201 });
  });
  await page.getByRole("textbox").fill("More");
  await page.getByRole("button", { name: "Send" }).click();
  await expect.element(page.getByText("It was not sent. Your text is still here.")).toBeVisible();
  await page.getByRole("button", { name: "Send" }).click();
  await expect.element(page.getByText("Thank you. Your message has arrived.", { exact: false })).toBeVisible();
  const posts = requests.filter(({ method }) => method === "POST");
  expect(posts.map(({ body }) => body)).toEqual([
    { act: "add", text: "More" },
    { act: "add", text: "More" },
  ]);
  expect(posts[1]?.headers["idempotency-key"]).toBe(posts[0]?.headers["idempotency-key"]);
});
