import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { createDraw } from "../plan.ts";
import type { SendCommand } from "./sender.ts";
import { answer, allContents, harmlessContents, playSolved, playWriting } from "./customer.ts";
import type { Silence } from "./silence.ts";

export type Load = {
  /** The number of stories that still run. */
  readonly running: () => number;
  readonly opened: () => number;
  /** Stops opening cases, and resolves when every story has ended. */
  readonly stop: () => Promise<void>;
};

type Options = {
  readonly send: SendCommand;
  /** A second carrier, whose requests about the case must be refused. */
  readonly stranger: SendCommand;
  readonly casesPerSecond: number;
  readonly seed: number;
  readonly silence: Silence;
};

/**
 * Starts a carrier's CRM, which opens cases at a steady rate and plays a story on each case. During a silence, the CRM
 * opens no cases.
 */
export function startLoad({ send, stranger, casesPerSecond, seed, silence }: Options): Load {
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
        const playing: Promise<void> = play(storyOf(draw.fraction()), { send, stranger, draw }).finally(() =>
          running.delete(playing),
        );
        running.add(playing);
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

/** Most cases have the stories with the most firings. */
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

type Clients = Pick<Options, "send" | "stranger"> & { readonly draw: ReturnType<typeof createDraw> };

async function play(story: Story, clients: Clients): Promise<void> {
  const { send, draw } = clients;
  const line = lineOf[story];
  const mark = `N-${randomUUID()}`;
  const isLive = line === "stalling" || line === "saved";
  const opened = await send({
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
  if (story === "solved") await playSolved(clients, caseId);
  else if (story === "written") {
    await delay(draw.whole(1_000, 9_000));
    await playWriting(clients, caseId, allContents);
  } else if (story === "answered") {
    await delay(draw.whole(2_000, 9_000));
    await answer(send, caseId);
  } else if (story === "saved") {
    await delay(draw.whole(2_000, 12_000));
    await close(send, caseId);
  } else if (story === "progressing") {
    for (let step = 0; step < 3; step++) {
      await delay(draw.whole(3_000, 8_000));
      if (step === 1) await playWriting(clients, caseId, harmlessContents);
      await tryStep(send, caseId, step);
    }
    await close(send, caseId);
  } else if (story === "refused") {
    await sendRefusedCommands(clients, caseId);
  }
}

async function close(send: SendCommand, caseId: string): Promise<void> {
  await send({ op: "close", caseId, path: `/v1/cases/${caseId}/close`, body: {} });
}

async function tryStep(send: SendCommand, caseId: string, step: number): Promise<void> {
  const mark = `N-${randomUUID()}`;
  const body = { kind: "step-tried", step: { name: `step-${step}`, outcome: "failed" }, text: mark };
  await send({ op: "entry", caseId, mark, path: `/v1/cases/${caseId}/entries`, body });
}

/** Sends requests that must be refused and change nothing. */
async function sendRefusedCommands({ send, stranger }: Clients, caseId: string): Promise<void> {
  const refs = Array.from({ length: 5 }, () => `N-${randomUUID()}`);
  const open = (mark = "", more: object = {}) => ({
    op: "open" as const,
    mark,
    path: "/v1/cases",
    body: { carrierCaseId: mark, line: "saved", title: "No signal", channel: "phone", ...more },
  });
  const [unknownLine, malformed, misused, foreign, sameKey] = refs as [string, string, string, string, string];
  await send(open(unknownLine, { line: "no-such-line" }));
  await send(open(malformed, { channel: "carrier-pigeon" }));
  const entry = (mark: string) => ({
    op: "entry" as const,
    caseId,
    mark,
    path: `/v1/cases/${caseId}/entries`,
    body: { kind: "note", text: mark },
  });
  await stranger(entry(foreign));
  const idempotencyKey = randomUUID();
  await send({ ...entry(sameKey), idempotencyKey });
  await send({ ...entry(misused), idempotencyKey }); // A different request with a used idempotency key.
  await close(send, caseId);
  await close(send, caseId); // The case is already closed.
}
