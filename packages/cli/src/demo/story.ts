import type { Brief } from "@crossline/contracts";
import type { Client } from "../client.ts";
import type { Demo } from "./parties.ts";

/**
 * A vendor's access to its queue. With Kafka the vendor has its own consumer. Without Kafka the vendor uses the REST
 * route of the queue.
 */
export type Inbox = {
  readonly next: (
    caseId: string,
    timeline: string,
  ) => Promise<{ readonly handoffId: string; readonly brief: Brief; readonly via: string }>;
};

/** The case of a story, and the stepped timeline on which the story was played. */
export type StoryCase = { readonly caseId: string; readonly timeline: string };

type ClocksResponse = {
  readonly clocks: readonly {
    readonly clock: string;
    readonly thresholds: readonly { readonly percent: number; readonly firedAt?: string }[];
  }[];
};

const zone = "America/Toronto";
const start = "2026-03-07T09:00:00-05:00"; // A Saturday.

/**
 * Plays story 1, the three-hour call, through the running services on a stepped timeline. With Crossline the call takes
 * 21 minutes of the timeline. The services and their servers are real. Prints each event when it happens. Returns the case.
 */
export async function playStory(demo: Demo, inbox: Inbox, print: (text: string) => void): Promise<StoryCase> {
  const { northtel } = demo;
  const printAt: PrintAt = (at, text) => print(`  ${clockTime(at)}  ${text}`);
  const timeline = await northtel.post<{ id: string }>("/v1/timelines", { kind: "stepped", start });
  const advance = (seconds: number) => northtel.post(`/v1/timelines/${timeline.id}/advance`, { to: after(seconds) });

  const opened = await northtel.post<{ id: string; line: { name: string; version: number } }>("/v1/cases", {
    carrierCaseId: `NT-${timeline.id.slice(-6)}`,
    timeline: timeline.id,
    line: "handheld-consumer",
    kind: "fault",
    severity: "major",
    title: "Handheld is dead",
    channel: "phone",
    device: { vendor: "orchard", model: "Handheld 8700" },
    symptom: "dead-device",
    subject: { name: "A. Customer", phone: "+1 416 555 0100" },
  });
  const path = `/v1/cases/${opened.id}`;
  printAt(
    start,
    `Northtel opens a case under the line ${opened.line.name}@${opened.line.version}; a rep is on the phone with the customer`,
  );
  await playPhoneCall(northtel, path, advance, printAt);

  const { handoffId, brief, via } = await inbox.next(opened.id, timeline.id);
  printAt(after(20 * 60), `the case crosses automatically: Orchard's handheld team receives it ${via}`);
  print(
    `            ${brief.device?.model ?? "?"}, "${brief.hypotheses.map(({ text }) => text).join('", "')}", customer on the line for ${brief.liveHandling?.minutes ?? "?"} min`,
  );
  await playFix(demo.orchard, `/v1/queues/orchard.handheld/handoffs/${handoffId}`, advance, printAt);
  await advance(21 * 60 + 15);
  const now = await northtel.get<{ status: string; timesByHolder: Record<string, number> }>(path);
  const held = Object.entries(now.timesByHolder).map(
    ([party, ms]) => `${party} ${Math.floor(ms / 60_000)} min ${(ms % 60_000) / 1000} s`,
  );
  print(`            held by ${held.join(", ")}; the case is ${now.status}`);
  return { caseId: opened.id, timeline: timeline.id };
}

/** Prints a text at an instant of the story. */
type PrintAt = (at: string, text: string) => void;
type Advance = (seconds: number) => Promise<unknown>;

/** Plays twenty minutes on the phone, with a heartbeat every minute, one hypothesis of the customer and no progress. */
async function playPhoneCall(northtel: Client, path: string, advance: Advance, printAt: PrintAt): Promise<void> {
  const person = "rep-17";
  const handling = await northtel.post<{ id: string }>(`${path}/handlings`, { channel: "phone", person });
  const printed = new Set<string>();
  const printFirings = async (): Promise<void> => {
    const { clocks } = await northtel.get<ClocksResponse>(`${path}/clocks`);
    for (const { clock, thresholds } of clocks) {
      for (const { percent, firedAt } of thresholds) {
        if (firedAt === undefined || printed.has(`${clock} ${percent} ${firedAt}`)) continue;
        printed.add(`${clock} ${percent} ${firedAt}`);
        const event = percent === 100 ? "is BREACHED: twenty minutes without progress" : `warns at ${percent} %`;
        printAt(firedAt, `the clock ${clock} ${event}`);
      }
    }
  };
  for (let minute = 1; minute <= 20; minute++) {
    await advance(minute * 60);
    await northtel.post(`${path}/handlings/${handling.id}/heartbeat`, { person });
    await printFirings();
    if (minute !== 5) continue;
    await northtel.post(`${path}/entries`, { kind: "hypothesis", by: "customer", text: "out of memory?", person });
    printAt(
      after(minute * 60),
      "the customer asks whether the device is out of memory; the rep does not know what to check",
    );
  }
  await advance(20 * 60 + 30);
  await printFirings();
}

/** Plays the 45 seconds at the vendor. */
async function playFix(orchard: Client, handoff: string, advance: Advance, printAt: PrintAt): Promise<void> {
  const person = "eng-4";
  const claimedAt = 20 * 60 + 30;
  const claim = await orchard.post<{ token: number; brief: Brief }>(`${handoff}/claim`, { person });
  printAt(after(claimedAt), "Orchard claims the case");
  await orchard.post(`${handoff}/accept`, {
    token: claim.token,
    person,
    engineer: { name: "Ada Lovett", contact: "ada@orchard.example" },
    vendorCaseId: "OR-5501",
    nextStep: "Check the free memory with the customer",
    eta: after(25 * 60),
    readBack: { problem: "Handheld is dead", tried: "nothing yet" },
    dossierVersion: claim.brief.case.version,
  });
  printAt(after(claimedAt), "Ada Lovett of Orchard reads the brief and accepts: Orchard now holds the case");
  await advance(claimedAt + 45);
  await orchard.post(`${handoff}/resolve`, { token: claim.token, person, fixCode: "memory-full" });
  printAt(after(claimedAt + 45), "resolved: memory-full. The fix took 45 seconds");
}

function after(seconds: number): string {
  return Temporal.Instant.from(start).add({ seconds }).toString({ timeZone: zone });
}

function clockTime(instant: string): string {
  return Temporal.Instant.from(instant).toZonedDateTimeISO(zone).toPlainTime().toString({ smallestUnit: "second" });
}
