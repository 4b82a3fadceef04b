import type { Me, QueueHandoff } from "@crossline/contracts";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { userEvent } from "vitest/browser";
import { BoardScreen } from "../src/board/board-screen.tsx";
import { handleKey } from "../src/shell/shortcuts.ts";
import { dueIn, page as boardPage, row, stubStream } from "./board-stream.ts";
import { lead, stand } from "./stand.tsx";

document.addEventListener("keydown", handleKey);
beforeEach(() => {
  sessionStorage.clear();
  localStorage.clear();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const agent: Me = { ...lead, party: "orchard", kind: "vendor", name: "Orchard" };
const id = `ho_${"a".repeat(26)}`;
const at = `/v1/queues/orchard.handheld/handoffs/${id}`;
const offer = row("a", { phase: "offered", handoff: id, queue: "orchard.handheld", due: dueIn(600) });
const handoff = (more: Partial<QueueHandoff>, version = 3): QueueHandoff => ({
  handoffId: id,
  caseId: offer.id,
  timeline: "wall",
  queue: "orchard.handheld",
  mode: "live-assist",
  phase: "offered",
  offeredAt: "2026-03-07T14:00:00Z",
  age: "PT1M",
  brief: {
    case: {
      id: offer.id,
      carrier: "northtel",
      carrierCaseId: "NT-a",
      kind: "fault",
      severity: "major",
      title: "Case a",
      openedAt: "2026-03-07T14:00:00Z",
      version,
    },
    hypotheses: [],
    tried: [
      { at: "2026-03-07T14:00:00Z", party: "northtel", step: { name: "restart", parameters: {}, outcome: "failed" } },
    ],
    facts: [],
    notes: [],
    missing: ["os-version"],
    promises: [],
    contacts: { count: 1, byChannel: {} },
    timesByHolder: {},
    omitted: 0,
  },
  ...more,
});

type SentCommand = { readonly path: string; readonly body: Record<string, unknown>; readonly key: string };

/** Opens the brief of one offer. `answer` gives the response to a command; undefined: success. */
async function openBrief(answer: (sent: SentCommand) => Response | undefined = () => undefined) {
  stubStream();
  const sent: SentCommand[] = [];
  const state = { phase: "offered" as QueueHandoff["phase"], version: 3 };
  const { page } = await stand({
    Screen: BoardScreen,
    path: "/app/board",
    me: agent,
    respond: (path, init) => {
      if (init?.method === "POST") {
        const headers = init.headers as Record<string, string>;
        const command = {
          path,
          body: JSON.parse(init.body as string) as SentCommand["body"],
          key: headers["idempotency-key"] ?? "",
        };
        sent.push(command);
        const response = answer(command);
        if (response !== undefined) return response;
        if (path.endsWith("/claim")) state.phase = "claimed";
        if (path.endsWith("/accept")) state.phase = "accepted";
        return { token: sent.length, leaseUntil: "2026-03-07T15:00:00Z", brief: {} };
      }
      if (path === at) return handoff({ phase: state.phase }, state.version);
      return path.startsWith("/v1/board") ? boardPage([offer]) : { items: [] };
    },
  });
  await expect.element(page.getByRole("row", { name: /Case a/ })).toBeVisible();
  await userEvent.keyboard("j");
  return { page, sent, state };
}

async function fillAcceptance(page: Awaited<ReturnType<typeof openBrief>>["page"]) {
  const texts = {
    Engineer: "Ada",
    "Contact of the engineer": "ada@orchard.example",
    "Your number of the case": "OR-1",
    "Next step": "Look",
  };
  for (const [label, text] of Object.entries(texts)) await page.getByLabelText(label, { exact: true }).fill(text);
  await page.getByRole("button", { name: "Accept the case" }).click();
}

describe("a person of a desk", () => {
  test("claims the offer with the key of a form, and the form begins with the read-back", async () => {
    const { page, sent } = await openBrief();
    await userEvent.keyboard("a");
    await expect.element(page.getByLabelText("Tried so far, as you read it back")).toHaveValue("restart: failed");
    await fillAcceptance(page);
    await expect.element(page.getByText("Accepted NT-a")).toBeVisible();
    expect(sent.map(({ path }) => path)).toEqual([`${at}/claim`, `${at}/accept`]);
    expect(sent[1]?.body).toMatchObject({ token: 1, dossierVersion: 3, readBack: { problem: "Case a" } });
  });

  test("sees the changes of the brief after a stale acceptance, and sends the same texts with the new version", async () => {
    let isStale = true;
    const { page, sent, state } = await openBrief(({ path }) => {
      if (!path.endsWith("/accept") || !isStale) return undefined;
      isStale = false;
      state.version = 5;
      const problem = {
        code: "stale_version",
        title: "The data has changed",
        detail: "Read it again.",
        changedSince: ["fact os-version"],
      };
      return Response.json(problem, { status: 409 });
    });
    await userEvent.keyboard("a");
    await fillAcceptance(page);
    await expect.element(page.getByText(/Changed since you read it: fact os-version\./)).toBeVisible();
    await page.getByRole("button", { name: "Accept the case" }).click();
    await expect.element(page.getByText("Accepted NT-a")).toBeVisible();
    expect(sent.at(-1)?.body).toMatchObject({ dossierVersion: 5, nextStep: "Look" });
    expect(new Set(sent.map(({ key }) => key)).size).toBe(3);
  });

  test("sees the fault of a field at the field, and keeps the texts", async () => {
    const { page } = await openBrief(({ path }) => {
      const fields = [{ at: "/eta", message: "must not be before now" }];
      return path.endsWith("/accept") ? Response.json({ title: "Invalid", fields }, { status: 400 }) : undefined;
    });
    await userEvent.keyboard("a");
    await fillAcceptance(page);
    await expect.element(page.getByLabelText(/^ETA/)).toHaveAttribute("aria-invalid", "true");
    await expect.element(page.getByLabelText("Next step")).toHaveValue("Look");
  });
});

describe("a command of a desk", () => {
  test("has the same idempotency key if a person repeats it after a fault of the server", async () => {
    let isDown = true;
    const { page, sent } = await openBrief(({ path }) => {
      if (!path.endsWith("/claim") || !isDown) return undefined;
      isDown = false;
      return Response.json({ title: "A required service cannot be reached" }, { status: 503 });
    });
    await userEvent.keyboard("c");
    await expect.element(page.getByText("A required service cannot be reached")).toBeVisible();
    await userEvent.keyboard("c");
    await expect.element(page.getByText("Claimed NT-a")).toBeVisible();
    expect([sent.length, sent[0]?.key]).toEqual([2, sent[1]?.key]);
  });

  test("is not sent before its phase, and the brief says so", async () => {
    const { page, sent } = await openBrief();
    await userEvent.keyboard("s");
    await expect.element(page.getByText("Solve is not possible while the hand-off is offered.")).toBeVisible();
    expect(sent).toEqual([]);
  });

  test("renews the lease while the brief is open", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    const { page, sent } = await openBrief();
    await userEvent.keyboard("c");
    await expect.element(page.getByText("Claimed NT-a")).toBeVisible();
    vi.advanceTimersByTime(31_000);
    await vi.waitFor(() => expect(sent.at(-1)).toMatchObject({ path: `${at}/renew`, body: { token: 1 } }));
    await page.getByRole("button", { name: "Close the brief" }).click();
    vi.advanceTimersByTime(60_000);
    expect(sent.filter(({ path }) => path.endsWith("/renew"))).toHaveLength(1);
  });
});
