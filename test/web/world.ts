import { type Client, createClient, openQueues, retryWhileRefused } from "@crossline/cli";
import type { Brief } from "@crossline/contracts";
import { handheld } from "../scenarios/handheld-line.ts";
import type { Stage } from "../scenarios/stage.ts";
import { Story } from "../scenarios/story.ts";

/** The parties and cases that the pictures show. All instants are on a stepped timeline, so each run shows the same texts. */
export type World = {
  readonly carrier: Client;
  readonly vendor: Client;
  readonly timeline: string;
  /** The case of story 1. */
  readonly caseId: string;
};

/** The other cases of the world, in the order of their openings. */
const others = [
  { number: "NT-1002", title: "Screen stays dark", severity: "critical", model: "Handheld 8800" },
  { number: "NT-1003", title: "Battery lasts two hours", severity: "minor", model: "Handheld 9000" },
  {
    number: "NT-1004",
    title: "The handheld restarts each night at three, and loses all the messages of the day",
    severity: "major",
    model: "Handheld 8700",
  },
  { number: "NT-1005", title: "הטלפון לא נדלק אחרי העדכון", severity: "major", model: "Handheld 8800" },
  { number: "NT-1006", title: "No signal after update", severity: "critical", model: "Handheld 9000" },
] as const;

/** Registers Northtel and Orchard under these names, and plays a Saturday morning with six cases until 09:20:55. */
export async function buildWorld(stage: Stage): Promise<World> {
  const carrier = await register(stage, { party: "northtel", kind: "carrier", name: "Northtel" });
  const vendor = await register(stage, { party: "orchard", kind: "vendor", name: "Orchard" });
  const line = handheld("orchard");
  await retryWhileRefused(() => openQueues(vendor, "orchard", [line]));
  await retryWhileRefused(() => carrier.post("/v1/rosters", roster));
  await retryWhileRefused(() => carrier.post("/v1/lines", line));
  const cast = { carrier, carrierKey: "", vendor, carrierName: "northtel", vendorName: "orchard" };
  const story = await Story.begin(cast, line.line);
  await story.open({ carrierCaseId: "NT-1001" });
  const { caseId } = story;
  await story.talkUntil("09:02");
  const ids: string[] = [];
  for (const { number, title, severity, model } of others) {
    const { id } = await carrier.post<{ id: string }>("/v1/cases", {
      carrierCaseId: number,
      timeline: story.timeline,
      line: line.line,
      title,
      severity,
      channel: "web",
      device: { vendor: "orchard", model },
      symptom: "dead-device",
    });
    ids.push(id);
  }
  await story.talkUntil("09:05");
  await story.write({ kind: "hypothesis", by: "customer", text: "out of memory?" });
  await carrier.post(`/v1/cases/${caseId}/promises`, {
    text: "A person calls you back.",
    until: "2026-03-07T16:30:00Z",
  });
  await story.talkUntil("09:20:30");
  const [offered = "", claimed = "", solved = ""] = ids;
  for (const id of [offered, claimed, solved])
    await carrier.post(`/v1/cases/${id}/crossings`, { asOf: 1, person: "rep-17" });
  await story.advance("09:20:30");
  await acceptOffer(story, vendor, caseId);
  await claimOffer(story, vendor, claimed);
  const accepted = await acceptOffer(story, vendor, solved);
  await story.advance("09:20:50");
  await vendor.post(`${accepted.path}/resolve`, { token: accepted.token, person: "eng-4", fixCode: "memory-full" });
  await carrier.post(`/v1/cases/${solved}/contacts`, { channel: "phone", direction: "inbound", content: "works" });
  await story.advance("09:20:55");
  return { carrier, vendor, timeline: story.timeline, caseId };
}

const roster = {
  roster: "duty",
  people: ["ada", "grace", "mary"].map((id) => ({
    id,
    name: { ada: "Ada Lovett", grace: "Grace Moore", mary: "Mary Stone" }[id],
    url: `https://pager.northtel.example/${id}`,
    quiet: { from: "22:00", to: "06:00", zone: "America/Toronto" },
  })),
  rotation: [
    {
      turn: "daily",
      handover: "09:00",
      zone: "America/Toronto",
      start: "2026-03-02",
      order: ["ada", "grace", "mary"],
    },
  ],
};

async function claimOffer(story: Story, vendor: Client, caseId: string) {
  const offer = (await story.queue("handheld")).find((item) => item.caseId === caseId);
  if (offer === undefined) throw new Error(`the case ${caseId} has not crossed`);
  const { handoffId } = offer;
  const path = story.handoffPath("handheld", handoffId);
  const claim = await vendor.post<{ token: number; brief: Brief }>(`${path}/claim`, { person: "eng-4" });
  return { handoffId, path, ...claim };
}

async function acceptOffer(story: Story, vendor: Client, caseId: string) {
  const claim = await claimOffer(story, vendor, caseId);
  await story.accept("handheld", claim.handoffId, claim);
  return claim;
}

async function register(
  stage: Stage,
  party: { readonly party: string; readonly kind: "carrier" | "vendor"; readonly name: string },
): Promise<Client> {
  await stage.operator.post("/v1/parties", party);
  const { key } = await stage.operator.post<{ key: string }>(`/v1/parties/${party.party}/keys`);
  return createClient(stage.url, key);
}
