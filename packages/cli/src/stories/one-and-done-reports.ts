import type { Play } from "./play.ts";

const patienceMs = 60_000;

/** The reports of story 2, which a test checks. */
export type StoryReports = {
  /** First-contact resolution for each channel. */
  readonly firstContact: readonly ReportRow[];
  /** The same share for the cases of each pool. */
  readonly ofPools: readonly ReportRow[];
  readonly transfers: readonly ReportRow[];
  readonly timeByHolder: readonly ReportRow[];
  readonly cureTimeGap: readonly ReportRow[];
  /** The comparison of the first-contact resolution before and after the training. */
  readonly training: { readonly result: { readonly state: string; readonly smallest?: number } };
  readonly debt: { readonly state: string; readonly smallest: number; readonly items: readonly unknown[] };
  readonly outcomes: readonly { readonly model: string; readonly channel: string; readonly cases: number }[];
};

type ReportRow = {
  readonly group: Readonly<Record<string, string | null>>;
  readonly value: number | null;
  readonly count: number;
};
type Report = { readonly asOf: { readonly readUntil?: string }; readonly items: readonly ReportRow[] };

/** Reads and prints the reports about the cases of the story. */
export async function readReports(play: Play): Promise<StoryReports> {
  await untilRead(play, Date.now());
  const read = async (indicator: string, by: string): Promise<readonly ReportRow[]> => {
    const query = new URLSearchParams({ timeline: play.timeline, by });
    const { items } = await play.cast.carrier.get<Report>(`/v1/reports/${indicator}?${query.toString()}`);
    return items;
  };
  const firstContact = await read("first-contact-resolution", "os,channel");
  play.say("the reports about these cases:");
  for (const { group, value, count } of firstContact)
    play.note(`resolved at first contact, ${group["os"]}, ${group["channel"]}: ${percent(value)} of ${count}`);
  const ofPools = await read("first-contact-resolution", "pool");
  const transfers = await read("transfers-per-case", "model");
  const timeByHolder = await read("time-by-holder", "company");
  for (const { group, value } of timeByHolder) play.note(`held by ${group["company"]}: ${seconds(value)} s (median)`);
  const cureTimeGap = await read("cure-time-gap", "os");
  return { firstContact, ofPools, transfers, timeByHolder, cureTimeGap, ...(await readComparisons(play)) };
}

async function readComparisons(play: Play): Promise<Pick<StoryReports, "training" | "debt" | "outcomes">> {
  const { carrier } = play.cast;
  const timeline = `timeline=${play.timeline}`;
  const date = new URLSearchParams({ date: play.at("2026-03-04T00:00") });
  const training = await carrier.get<StoryReports["training"]>(
    `/v1/reports/first-contact-resolution/before-after?${timeline}&${date.toString()}`,
  );
  const debt = await carrier.get<StoryReports["debt"]>(`/v1/reports/training-debt?${timeline}`);
  const { items: outcomes } = await carrier.get<{ items: StoryReports["outcomes"] }>(
    `/v1/reports/outcomes?${timeline}`,
  );
  play.note(
    training.result.state === "not-enough-cases"
      ? `four cases are too few to judge the training: each side needs ${training.result.smallest}`
      : "the comparison with the time before the training has a result",
  );
  play.note(`training debt: ${debt.items.length} gaps; a gap needs at least ${debt.smallest} crossed cases`);
  return { training, debt, outcomes };
}

/** Waits until insight has read every record that was sent before the instant `sentMs` of the wall timeline. */
async function untilRead(play: Play, sentMs: number): Promise<void> {
  const path = `/v1/reports/contacts-per-case?timeline=${play.timeline}`;
  for (const deadline = performance.now() + patienceMs; ;) {
    const { asOf } = await play.cast.carrier.get<Report>(path);
    if (Date.parse(asOf.readUntil ?? "") >= sentMs) return;
    if (performance.now() > deadline) throw new Error("insight has not read the records of the story");
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function percent(share: number | null): string {
  return share === null ? "-" : `${Math.round(share * 100)} %`;
}

function seconds(ms: number | null): string {
  return ms === null ? "-" : String(Math.round(ms / 1000));
}
