import { setTimeout as delay } from "node:timers/promises";
import type { Client } from "@crossline/cli";
import type { Desk } from "./clients/desk.ts";
import type { Load } from "./clients/load.ts";
import type { Witness } from "./clients/witness.ts";
import type { History } from "./history.ts";

type SettleOptions = {
  readonly load: Load;
  readonly desk: Desk;
  readonly witness: Witness;
  /** Returns true if every required webhook has arrived. */
  readonly allWebhooksArrived: () => boolean;
  readonly view: Client;
  readonly history: History;
  readonly say: (line: string) => void;
};

/** The longest clock of the load. */
const longestMs = 31_000;
const quietMs = 4_000;
const settlesWithinMs = 180_000;

/** Waits until no further record can arrive, and writes each case to the history as the carrier reads it. */
export async function settle({
  load,
  desk,
  witness,
  allWebhooksArrived,
  view,
  history,
  say,
}: SettleOptions): Promise<void> {
  await load.stop();
  const stoppedAt = performance.now();
  let records = -1;
  let changedAt = performance.now();
  for (const deadline = stoppedAt + settlesWithinMs; performance.now() < deadline; await delay(200)) {
    if (witness.recordsExceptReplies() !== records) {
      records = witness.recordsExceptReplies();
      changedAt = performance.now();
    }
    const isOver = performance.now() - stoppedAt > longestMs && performance.now() - changedAt > quietMs;
    if (isOver && desk.running() === 0 && allWebhooksArrived() && (await witness.hasReadAll().catch(() => false)))
      break;
  }
  const settledAt = Date.now();
  say(`${load.opened()} cases, ${witness.records()} records; reading the cases as their carrier sees them`);
  await recordViews(view, history);
  history.write({ e: "ended", at: Date.now(), settledAt });
}

type ListedCase = {
  readonly id: string;
  readonly at: string;
  readonly openedAt: string;
  readonly timesByHolder: Readonly<Record<string, number>>;
};

type ResultPage = { readonly items: readonly ListedCase[]; readonly next?: string };

const viewsMax = 3_000;

async function recordViews(view: Client, history: History): Promise<void> {
  let cursor = "";
  for (let seen = 0; seen < viewsMax;) {
    const page = await view.get<ResultPage>(`/v1/cases?limit=100${cursor}`);
    for (const { id, at, openedAt, timesByHolder } of page.items) {
      const [opened, asOf] = [Date.parse(openedAt), Date.parse(at)];
      history.write({ e: "view", at: Date.now(), caseId: id, openedAt: opened, asOf, held: timesByHolder });
    }
    seen += page.items.length;
    if (page.next === undefined) return;
    cursor = `&cursor=${page.next}`;
  }
}
