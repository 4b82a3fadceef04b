import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { createDraw } from "../plan.ts";
import type { Ask } from "./ask.ts";
import { answer, anything, inquiries, tellSolved, tellWritten } from "./customer.ts";
import type { Silence } from "./silence.ts";

export type Load = {
  /** Stories that are still being told. */
  readonly running: () => number;
  readonly opened: () => number;
  /** Opens no more cases, and returns when every story has ended. */
  readonly stop: () => Promise<void>;
};

type Options = {
  readonly ask: Ask;
  /** A second carrier, for what is none of its business. */
  readonly stranger: Ask;
  readonly casesPerSecond: number;
  readonly seed: number;
  readonly silence: Silence;
};

/** A carrier's CRM: opens cases at a steady rate, whatever happens but a silence, and goes on with each of them by itself. */
export function startLoad({ ask, stranger, casesPerSecond, seed, silence }: Options): Load {
  const draw = createDraw(seed);
  const running = new Set<Promise<void>>();
  const stopping = new AbortController();
  let opened = 0;

  const loop = (async () => {
    let due = 0;
    for (let before = performance.now(); !stopping.signal.aborted;) {
      const now = performance.now();
      if (!silence.isOn()) due += ((now - before) * casesPerSecond) / 1000;
      before = now;
      for (; opened < Math.floor(due) && running.size < 2_000; opened++) {
        const told: Promise<void> = tell(storyOf(draw.fraction()), { ask, stranger, draw }).finally(() =>
          running.delete(told),
        );
        running.add(told);
      }
      await delay(20);
    }
  })();

  return {
    running: () => running.size,
    opened: () => opened,
    async stop() {
      stopping.abort();
      await loop;
      await Promise.all(running);
    },
  };
}

type Story = "unanswered" | "written" | "answered" | "stalling" | "saved" | "progressing" | "solved" | "refused";

const lineOf: Readonly<Record<Story, string>> = {
  unanswered: "unanswered",
  written: "unanswered",
  answered: "unanswered",
  stalling: "stalling",
  saved: "saved",
  progressing: "saved",
  refused: "saved",
  solved: "solved",
};

/** Mostly what makes many firings. */
function storyOf(share: number): Story {
  if (share < 0.48) return "unanswered";
  if (share < 0.56) return "written";
  if (share < 0.62) return "answered";
  if (share < 0.72) return "stalling";
  if (share < 0.78) return "saved";
  if (share < 0.84) return "progressing";
  if (share < 0.96) return "solved";
  return "refused";
}

type Teller = Pick<Options, "ask" | "stranger"> & { readonly draw: ReturnType<typeof createDraw> };

async function tell(story: Story, teller: Teller): Promise<void> {
  const { ask, draw } = teller;
  const line = lineOf[story];
  const mark = `N-${randomUUID()}`;
  const isLive = line === "stalling" || line === "saved";
  const opened = await ask({
    op: "open",
    line,
    mark,
    path: "/v1/cases",
    body: {
      carrierCaseId: mark,
      line,
      title: "No signal",
      channel: isLive ? "phone" : "web",
      ...(isLive && { handling: {} }),
    },
  });
  const caseId = opened.body["id"];
  if (opened.status !== 201 || typeof caseId !== "string") return;
  if (story === "solved") await tellSolved(teller, caseId);
  else if (story === "written") {
    await delay(draw.whole(1_000, 9_000));
    await tellWritten(teller, caseId, anything);
  } else if (story === "answered") {
    await delay(draw.whole(2_000, 9_000));
    await answer(ask, caseId);
  } else if (story === "saved") {
    await delay(draw.whole(2_000, 12_000));
    await close(ask, caseId);
  } else if (story === "progressing") {
    for (let step = 0; step < 3; step++) {
      await delay(draw.whole(3_000, 8_000));
      if (step === 1) await tellWritten(teller, caseId, inquiries);
      await tryStep(ask, caseId, step);
    }
    await close(ask, caseId);
  } else if (story === "refused") {
    await askInVain(teller, caseId);
  }
}

async function close(ask: Ask, caseId: string): Promise<void> {
  await ask({ op: "close", caseId, path: `/v1/cases/${caseId}/close`, body: {} });
}

async function tryStep(ask: Ask, caseId: string, step: number): Promise<void> {
  const mark = `N-${randomUUID()}`;
  const body = { kind: "step-tried", step: { name: `step-${step}`, outcome: "failed" }, text: mark };
  await ask({ op: "entry", caseId, mark, path: `/v1/cases/${caseId}/entries`, body });
}

/** Requests that must be refused, and leave nothing behind. */
async function askInVain({ ask, stranger }: Teller, caseId: string): Promise<void> {
  const refs = Array.from({ length: 5 }, () => `N-${randomUUID()}`);
  const open = (mark = "", more: object = {}) => ({
    op: "open" as const,
    mark,
    path: "/v1/cases",
    body: { carrierCaseId: mark, line: "saved", title: "No signal", channel: "phone", ...more },
  });
  const [unknownLine, malformed, misused, foreign, sameKey] = refs as [string, string, string, string, string];
  await ask(open(unknownLine, { line: "no-such-line" }));
  await ask(open(malformed, { channel: "carrier-pigeon" }));
  const entry = (mark: string) => ({
    op: "entry" as const,
    caseId,
    mark,
    path: `/v1/cases/${caseId}/entries`,
    body: { kind: "note", text: mark },
  });
  await stranger(entry(foreign));
  const idempotencyKey = randomUUID();
  await ask({ ...entry(sameKey), idempotencyKey });
  await ask({ ...entry(misused), idempotencyKey }); // Another request under a key that is taken.
  await close(ask, caseId);
  await close(ask, caseId); // It is closed already.
}
