import { type Client, retryWhileRefused } from "@crossline/cli";
import type { IncidentPage, LineDocument, ProblemPage } from "@crossline/contracts";
import { waitFor } from "@crossline/testing";
import { Story } from "../scenarios/story.ts";

/** The records that the pictures of changes, incidents and problems show. They are on a stepped timeline of their own. */
export type ServiceWorld = {
  readonly timeline: string;
  readonly changeId: string;
  readonly incidentId: string;
  readonly problemId: string;
};

const line: LineDocument = {
  line: "mass",
  mode: "cross",
  calendar: "24x7",
  clocks: [{ kind: "stall.idle", target: "P5D", warnAt: [] }],
  crossing: [{ to: "queue:orchard.handheld", mode: "ticket", acceptWithin: "P1D", repeat: 1 }],
  lastResort: ["https://duty.northtel.example/"],
  requires: [{ item: "activation-code", from: "carrier" }],
  problems: { missing: 3, within: "P7D", investigateWithin: "PT1H" },
  incidents: { cases: 3, within: "PT1H" },
};
const titles = [
  "No signal since the night",
  "The handheld finds no network in the harbour",
  "אין קליטה מאז הלילה",
  "No signal after update",
  "Calls end after a minute",
] as const;

/** Plays a Saturday morning with a changed gateway, an incident of five cases, and the problems behind them. */
export async function buildServiceWorld(carrier: Client, vendor: Client): Promise<ServiceWorld> {
  await retryWhileRefused(() => carrier.post("/v1/lines", line));
  const cast = { carrier, carrierKey: "", vendor, carrierName: "northtel", vendorName: "orchard" };
  const story = await Story.begin(cast, line.line);
  const { timeline } = story;
  const changeId = await announceAll(carrier, vendor, timeline);
  await story.advance("09:31");
  for (const [place, title] of titles.entries()) {
    const number = { carrierCaseId: `NT-20${place}`, title, symptom: "no-signal" };
    await story.open({ call: false, channel: place % 2 === 0 ? "web" : "mail", ...number });
    await story.advance(`09:3${place + 2}`);
  }
  const incidentId = await waitFor(async () => {
    const { items } = await carrier.get<IncidentPage>(`/v1/incidents?timeline=${timeline}`);
    return items.find(({ cases }) => cases === titles.length)?.id;
  });
  const send = (text: string) => carrier.post(`/v1/incidents/${incidentId}/messages`, { person: "rep-7", text });
  await send("A mast at the harbour has no power. We are repairing it, and will write to you at noon.");
  await send("It is your own fault. You should have read the manual.");
  const problemId = await openProblems(carrier, timeline);
  await story.advance("10:40");
  return { timeline, changeId, incidentId, problemId };
}

/** Announces three changes: a late one, one that the vendor has confirmed, and one of the vendor's devices. */
async function announceAll(carrier: Client, vendor: Client, timeline: string): Promise<string> {
  const announce = (title: string, startsAt: string, more: Record<string, unknown>) =>
    carrier.post<{ id: string }>("/v1/changes", {
      timeline,
      person: "lead-2",
      title,
      description: "The gateway gets new addresses. Devices with the old addresses find no network.",
      startsAt,
      ...more,
    });
  const { id } = await announce("New addresses of the gateway at the harbour", "2026-03-07T14:30:00Z", {
    mustDo: "Replace the old addresses in your configuration before the start.",
    symptoms: ["no-signal"],
    affected: { companies: ["orchard", "quill", "lumen"] },
    confirmBy: "2026-03-07T15:00:00Z",
  });
  await vendor.post(`/v1/changes/${id}/receipt`, { person: "eng-4" });
  const mast = await announce("The old mast is off", "2026-03-14T02:00:00Z", { affected: { companies: ["orchard"] } });
  await vendor.post(`/v1/changes/${mast.id}/receipt`, { person: "eng-4" });
  const third = { affected: { companies: ["orchard"], models: ["Handheld 8700"] } };
  await announce("Handhelds get a new list of networks", "2026-03-12T02:00:00Z", third);
  return id;
}

/** Records a known error for the missing item, and opens two more problems. Returns the problem with the known error. */
async function openProblems(carrier: Client, timeline: string): Promise<string> {
  const person = "lead-1";
  const id = await waitFor(async () => {
    const { items } = await carrier.get<ProblemPage>(`/v1/problems?timeline=${timeline}`);
    return items[0]?.id;
  });
  const command = (path: string, body: Record<string, unknown>) =>
    carrier.post(`/v1/problems/${id}/${path}`, { person, ...body });
  await command("owner", { owner: "lead-1", reason: "She knows the form." });
  await command("known-error", {
    workaround: "The code is printed inside the lid of the box.",
    fixCode: "code-from-box",
  });
  await command("root-cause", { rootCause: "The form on the web does not ask for the code." });
  const open = (title: string, more: Record<string, unknown>) =>
    carrier.post("/v1/problems", { timeline, person, title, reason: "Six customers called about it.", ...more });
  await open("The update loses the signal", { symptom: "signal-lost", vendor: "orchard", model: "Handheld 8700" });
  await open("Calls end after a minute", { symptom: "calls-end", owner: "lead-2" });
  return id;
}
