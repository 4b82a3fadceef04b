import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { afterEach, expect, test, vi } from "vitest";
import { render } from "vitest-browser-react";
import type { PresentedCase, PresentedEntry, PresentedMessage } from "@crossline/contracts";
import { ChainCheckRow } from "../src/case/dossier/chain-check.tsx";
import { verifyDossier } from "../src/case/dossier/verify.ts";
import { DossierPanel } from "../src/case/dossier/dossier-panel.tsx";
import { JournalPanel } from "../src/case/journal/journal-panel.tsx";
import { DeliveriesPanel } from "../src/case/messages/deliveries-panel.tsx";
import { MessagesPanel } from "../src/case/messages/messages-panel.tsx";
import { PromisesPanel } from "../src/case/promises/promises-panel.tsx";
import { CaseContext, type CaseView } from "../src/case/use-case.ts";
import { SessionGate } from "../src/session/session.tsx";

const id = "cs_01jnrf4v2k8q6t0w3y5b7d9e1g";
const shown = {
  id,
  carrier: "northtel",
  carrierCaseId: "NT-1001",
  holder: "northtel",
  status: "inProgress",
  version: 3,
  timeline: "wall",
  completeness: 50,
  missing: [{ item: "activation-code", from: "carrier" }],
  crossedTo: [],
  promises: [],
  dossier: { entries: 0 },
  counts: { contacts: 0, entries: 0, liveHandlings: 0 },
} as unknown as PresentedCase;

const problem = (status: number, title: string) =>
  new Response(JSON.stringify({ title, status }), { status, headers: { "x-request-id": "0b8f8e0c-1" } });

const addressOf = (request: RequestInfo | URL): URL =>
  new URL(request instanceof Request ? request.url : request, location.href);

/** Responds to requests by the end of their path. Each response is new, because a body can be read only once. */
const respond = (responses: Readonly<Record<string, () => Response>>): void => {
  const me = { party: "northtel", kind: "carrier", name: "Northtel", scopes: ["read", "cases", "setup"] };
  const all = { "/v1/me": () => Response.json(me), ...responses };
  vi.spyOn(globalThis, "fetch").mockImplementation(async (request) => {
    const { pathname } = addressOf(request);
    const found = Object.entries(all).find(([end]) => pathname.endsWith(end));
    return found?.[1]() ?? problem(404, "The resource does not exist");
  });
};

afterEach(() => vi.restoreAllMocks());

/** Waits until the screen has a text, whose parts can be in several elements. */
const expectText = (container: Element, text: string) =>
  expect.poll(() => container.textContent, { timeout: 10_000 }).toContain(text);

const show = (panels: ReactNode, more: Partial<PresentedCase> = {}) => {
  const view = {
    shown: { ...shown, ...more },
    zone: "America/Toronto",
    now: Date.parse("2026-03-07T14:20:00Z"),
    asOf: { at: undefined, show: () => undefined },
    handoffs: { data: undefined },
  } as unknown as CaseView;
  return render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <SessionGate>
        <CaseContext value={view}>{panels}</CaseContext>
      </SessionGate>
    </QueryClientProvider>,
  );
};

test("a panel that fails shows its own problem, and the other panels stay", async () => {
  respond({
    "/journal": () => problem(503, "The console is starting"),
    "/messages": () => Response.json({ items: [] }),
  });
  const screen = await show(
    <>
      <JournalPanel />
      <MessagesPanel />
    </>,
  );
  const journal = screen.getByRole("region", { name: "Journal" });
  await expect.element(journal.getByRole("alert").getByText("The console is starting")).toBeVisible();
  await expect.element(screen.getByText("The carrier has not written to the customer.")).toBeVisible();
});

test.each([403, 404])("a panel that the company may not read (%i) is not shown", async (status) => {
  respond({ "/v1/deliveries": () => problem(status, "Not for you"), "/messages": () => Response.json({ items: [] }) });
  const screen = await show(
    <>
      <DeliveriesPanel />
      <MessagesPanel />
    </>,
  );
  await expect.element(screen.getByRole("region", { name: "Messages to the customer" })).toBeVisible();
  await vi.waitFor(() => expect(screen.container.textContent).not.toContain("Deliveries"));
});

test("facts beyond five hundred are read on demand", async () => {
  const fact = (number: number) => ({
    number,
    id: `case/${number}`,
    at: "2026-03-07T14:00:00Z",
    topic: "case",
    sequence: number,
    type: "entry.added",
    text: `Fact ${number}`,
    data: {},
  });
  const afters: number[] = [];
  respond({});
  vi.mocked(globalThis.fetch).mockImplementation(async (request) => {
    const { pathname, searchParams } = addressOf(request);
    if (!pathname.endsWith("/journal")) return Response.json({ party: "northtel", scopes: [] });
    const after = Number(searchParams.get("after"));
    afters.push(after);
    const items = Array.from({ length: Math.min(100, 620 - after) }, (_, index) => fact(after + index + 1));
    return Response.json({ items, ...(after + 100 < 620 && { next: after + 100 }) });
  });
  const screen = await show(<JournalPanel />);
  const shownFacts = () => screen.container.querySelectorAll("li.fact").length;
  await expect.poll(shownFacts, { timeout: 10_000 }).toBe(500);
  expect(afters).toEqual([0, 100, 200, 300, 400]);
  await screen.getByRole("button", { name: "Read the next 500 facts" }).click();
  await expect.poll(shownFacts, { timeout: 10_000 }).toBe(620);
  expect(afters.slice(5)).toEqual([500, 600]);
  expect(screen.container.textContent).not.toContain("Read the next");
});

const entry = (more: Partial<PresentedEntry>): PresentedEntry => ({
  number: 1,
  id: "en_1",
  at: "2026-03-07T14:05:00Z",
  author: { party: "northtel", person: "rep-17", automated: false },
  kind: "note",
  audience: "partners",
  by: "party",
  news: true,
  ...more,
});

test("the dossier shows tried steps with their outcomes, and a missing item with its form", async () => {
  respond({
    "/entries": () =>
      Response.json({
        items: [
          entry({ id: "en_1", kind: "step-tried", step: { name: "restart", parameters: {}, outcome: "failed" } }),
          entry({ id: "en_2", kind: "fact", fact: { name: "os-version", value: "4.2" } }),
          entry({ id: "en_3", kind: "hypothesis", text: "out of memory?", by: "customer" }),
        ],
      }),
  });
  const screen = await show(<DossierPanel />);
  await expectText(screen.container, "restart: failed");
  await expectText(screen.container, "os-version: 4.2");
  await expectText(screen.container, "the customer, by northtel (rep-17)");
  await screen.getByRole("button", { name: "Give activation-code" }).click();
  await expect.element(screen.getByRole("dialog", { name: "Give activation-code" })).toBeVisible();
});

test("an open promise that its window has left is broken, and can still be delivered", async () => {
  respond({});
  const promise = { id: "pr_1", promisor: "northtel", text: "We call back.", until: "2026-03-07T14:10:00Z" };
  const screen = await show(<PromisesPanel />, { promises: [{ ...promise, state: "open" }] });
  await expectText(screen.container, "broken");
  await expect.element(screen.getByRole("button", { name: "Deliver the promise: We call back." })).toBeVisible();
});

test("a held message shows its marked place and its commands", async () => {
  const message: PresentedMessage = {
    id: "ms_1",
    at: "2026-03-07T14:05:00Z",
    author: { party: "northtel", person: "rep-17", automated: false },
    channel: "mail",
    via: "crm",
    content: "answer",
    text: "You broke it.",
    marks: [{ from: 0, to: 9, rule: "blame" } as unknown as PresentedMessage["marks"][number]],
    state: "held",
    stateAt: "2026-03-07T14:05:00Z",
  };
  respond({ "/messages": () => Response.json({ items: [message] }) });
  const screen = await show(<MessagesPanel />);
  await expectText(screen.container, "Held: the guard marked a place.");
  expect(screen.container.querySelector("mark")?.textContent).toBe("You broke");
  for (const name of ["Release", "Reword", "Withdraw"]) {
    await expect.element(screen.getByRole("button", { name, exact: true })).toBeVisible();
  }
});

const emptyFile = {
  format: "crossline.dossier/2",
  digest: "",
  exportedAt: "2026-03-07T14:20:00Z",
  case: { id, version: 3 },
  shared: { entries: [] },
  internal: { entries: [] },
};

test("a changed export file is no verified chain", async () => {
  const { faults } = await verifyDossier(emptyFile, { shared: undefined, internal: undefined });
  expect(faults).toEqual(["The digest does not match the file."]);
  const other = await verifyDossier(emptyFile, { shared: "ab12", internal: undefined });
  expect(other.faults).toContain("The shared chain does not end with the head that the case names.");
  respond({ "/dossier": () => Response.json(emptyFile), [id]: () => Response.json(shown) });
  const screen = await show(<ChainCheckRow />);
  await expectText(screen.container, "The dossier does not match its chain");
  expect(screen.container.textContent).not.toContain("chain verified");
});
