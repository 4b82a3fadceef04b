import { waitFor } from "@crossline/testing";
import type { Stage } from "../stage.ts";
import { type Markers, createMarkers } from "./markers.ts";

type Company = Awaited<ReturnType<Stage["party"]>>;

/** The companies of the walk. `orchard` is a former vendor of one case and holds another. */
export type Cast = {
  readonly markers: Markers;
  readonly companies: readonly Company[];
  /** The ids of things that no list contains, by company. */
  readonly unlisted: ReadonlyMap<string, readonly string[]>;
};

/** Creates two carriers and two vendors, everything that a company sets up, and four cases, each with planted texts. The companies have one issuer. */
export async function createCast(stage: Stage, issuerUrl: string): Promise<Cast> {
  const markers = createMarkers();
  const [north, rogers] = [await stage.party("north", "carrier"), await stage.party("rogers", "carrier")];
  const [orchard, quill] = [await stage.party("orchard", "vendor"), await stage.party("quill", "vendor")];
  const companies = [north, rogers, orchard, quill];
  const unlisted = new Map<string, readonly string[]>();
  const everyone = companies.map(({ party }) => party);
  for (const company of companies) {
    unlisted.set(company.party, await setUp(company, markers));
    const clientId = markers.plant("client at an issuer", company.party);
    await stage.operator.put(`/v1/parties/${company.party}/issuer`, { issuer: issuerUrl, clientId });
    // A line of any company can count by a published calendar, so every company reads it.
    const calendar = markers.plant("calendar", ...everyone);
    const hours = { mon: ["09:00-17:30"] };
    await company.client.post("/v1/calendars", { calendar, zone: "America/Toronto", week: hours });
  }
  await publishLine(north, orchard, markers);
  await publishLine(rogers, quill, markers);
  const shared = await openCase(north, orchard, markers);
  await acceptCase(shared, orchard, markers);
  await openIncident(north, orchard, { lead: shared, member: await openCase(north, undefined, markers) }, markers);
  const ended = await openCase(north, orchard, markers);
  await endPart(ended, north, orchard, markers);
  await openCase(rogers, quill, markers);
  await announceChange(north, orchard, markers);
  await announceChange(quill, rogers, markers);
  return { markers, companies, unlisted };
}

/** Creates the things that a company sets up for itself. Returns the ids that no list contains. */
async function setUp({ client, party }: Company, { plant }: Markers): Promise<readonly string[]> {
  const person = plant("person", party);
  const isCarrier = party.startsWith("north") || party.startsWith("rogers");
  const roster = plant("roster", party);
  await waitFor(
    () =>
      client.post("/v1/rosters", {
        roster,
        people: [{ id: person, name: plant("name", party), mail: `${plant("mail", party)}@${party}.example` }],
        rotation: [{ turn: "daily", handover: "09:00", zone: "America/Toronto", start: "2026-03-01", order: [person] }],
      }),
    { timeoutMs: 5_000 },
  );
  await client.post("/v1/subscriptions", { url: `https://${plant("webhook", party)}.example/` });
  await client.put("/v1/skills/" + person, {
    skills: [{ os: plant("os", party), level: 2, from: "2026-03-01T05:00:00Z", source: plant("source", party) }],
  });
  await client.post(`/v1/parties/${party}/keys`, { label: plant("key label", party), scopes: ["read"] });
  await client.put(`/v1/views/${plant("view", party)}`, { query: { scope: "cases", sort: "due" } });
  if (isCarrier) {
    await client.post("/v1/timelines", { kind: "stepped", start: "2026-03-07T14:00:00Z" });
    await client.put(`/v1/pools/${plant("pool", party)}`, {
      title: plant("title of a pool", party),
      rosters: [roster],
    });
    const opened = { title: plant("problem", party), reason: plant("reason of a problem", party), owner: person };
    const problem = await client.post<{ id: string }>("/v1/problems", opened);
    await client.post(`/v1/problems/${problem.id}/known-error`, { workaround: plant("unmatched workaround", party) });
  }
  await client.post(`/v1/rosters/${roster}/ring-test`);
  await client.post("/v1/sign-in-links", { person: plant("signed-in person", party), roles: ["auditor"] });
  const upload = await client.post<{ id: string }>("/v1/skill-uploads", { mode: "replace", changedBy: person });
  const skills = [{ os: plant("os of an upload", party), level: 1, from: "2026-03-01T05:00:00Z", source: "exam" }];
  await client.put(`/v1/skill-uploads/${upload.id}/people`, { people: [{ person, skills }] });
  return [upload.id];
}

async function publishLine(carrier: Company, vendor: Company, { plant }: Markers): Promise<void> {
  const queue = `${vendor.party}.desk`;
  await vendor.client.put(`/v1/queues/${queue}`, { carriers: [carrier.party] });
  await waitFor(
    () =>
      carrier.client.post("/v1/lines", {
        line: "walk",
        mode: "cross",
        calendar: "24x7",
        clocks: [{ kind: "stall.idle", target: "PT4H", warnAt: [] }],
        crossing: [{ to: `queue:${queue}`, acceptWithin: "PT4H", repeat: 1 }],
        lastResort: [`https://${plant("duty address", carrier.party)}.example/`],
      }),
    { timeoutMs: 5_000 },
  );
}

/**
 * Announces a change to a company and to a company that does not exist, whose name only the announcer may read. A carrier's own case is
 * linked to the change. The affected company reads the change and not the case. Then the affected company confirms the change.
 */
async function announceChange(by: Company, to: Company, { plant }: Markers): Promise<void> {
  const readers = [by.party, to.party];
  const symptom = plant("symptom of a change", ...readers);
  const { id } = await by.client.post<{ id: string }>("/v1/changes", {
    title: plant("title of a change", ...readers),
    description: plant("description of a change", ...readers),
    mustDo: plant("duty of a change", ...readers),
    startsAt: "2026-03-01T00:00:00Z",
    endsAt: "2026-12-31T00:00:00Z",
    symptoms: [symptom],
    affected: { companies: [to.party, plant("affected company", by.party)] },
  });
  const [carrier, title] = by.party.startsWith("north")
    ? [by, plant("title of a linked case", by.party)]
    : [to, plant("title of a linked case", to.party)];
  await carrier.client.post("/v1/cases", {
    carrierCaseId: title,
    line: "walk",
    title,
    channel: "phone",
    device: { vendor: by.party.startsWith("north") ? "unknown" : by.party },
    symptom,
  });
  await to.client.post(`/v1/changes/${id}/receipt`, { person: plant("person of a receipt", ...readers) });
}

type WalkCase = { readonly path: string; readonly queue: string; readonly handoffId: string };

/** Opens a case with texts for its companies. With a vendor, the carrier also hands the case over. */
async function openCase(carrier: Company, vendor: Company | undefined, { plant }: Markers): Promise<WalkCase> {
  const { client, party } = carrier;
  const readers = vendor === undefined ? [party] : [party, vendor.party];
  const opened = await client.post<{ id: string; version: number }>("/v1/cases", {
    carrierCaseId: plant("number", ...readers),
    line: "walk",
    title: `No signal ${plant("title", ...readers)}`,
    channel: "phone",
    device: { vendor: vendor?.party ?? party, model: plant("model", ...readers) },
    symptom: plant("symptom", ...readers),
    subject: { name: plant("customer", ...readers), customerId: plant("customer id", ...readers) },
    person: plant("rep", ...readers),
  });
  const path = `/v1/cases/${opened.id}`;
  await client.post(`${path}/entries`, { kind: "note", text: plant("note", ...readers) });
  await client.post(`${path}/entries`, { kind: "note", text: plant("internal note", party), audience: "internal" });
  await client.post(`${path}/promises`, { text: plant("promise", ...readers), until: "2027-01-01T00:00:00Z" });
  await client.post(`${path}/messages`, { text: plant("message", ...readers), channel: "sms" });
  if (vendor === undefined) return { path, queue: "", handoffId: "" };
  const { version } = await client.get<{ version: number }>(path);
  await client.post(`${path}/crossings`, { asOf: version });
  const queue = `/v1/queues/${vendor.party}.desk/handoffs`;
  const handoffId = await waitFor(async () => {
    const { items } = await vendor.client.get<{ items: { handoffId: string; caseId: string }[] }>(queue);
    return items.find(({ caseId }) => caseId === opened.id)?.handoffId;
  });
  return { path, queue, handoffId };
}

/** Opens an incident of a case that a vendor holds. The vendor reads only the message that the lead case gets. */
async function openIncident(
  { client, party }: Company,
  vendor: Company,
  { lead, member }: { readonly lead: WalkCase; readonly member: WalkCase },
  { plant }: Markers,
): Promise<void> {
  const idOf = ({ path }: WalkCase): string => path.slice("/v1/cases/".length);
  const request = { leadCaseId: idOf(lead), members: [idOf(member)], reason: plant("reason of an incident", party) };
  const { id } = await client.post<{ id: string }>("/v1/incidents", request);
  const partOf = async () => (await client.get<{ incident?: object }>(member.path)).incident;
  await waitFor(partOf, { timeoutMs: 5_000 });
  const text = plant("message of an incident", party, vendor.party);
  await client.post(`/v1/incidents/${id}/messages`, { text, channel: "sms" });
}

/** Accepts a case. Returns the token of the claim. */
async function acceptCase({ path, queue, handoffId }: WalkCase, vendor: Company, { plant }: Markers): Promise<number> {
  const at = `${queue}/${handoffId}`;
  const claim = await vendor.client.post<{ token: number; brief: { case: { version: number } } }>(`${at}/claim`, {});
  const { token, brief } = claim;
  await vendor.client.post(`${at}/accept`, {
    token,
    engineer: { name: "Ada Lovett", contact: "ada@orchard.example" },
    vendorCaseId: "OR-1",
    nextStep: "check",
    eta: "2027-01-01T00:00:00Z",
    readBack: { problem: "dead", tried: "nothing" },
    dossierVersion: brief.case.version,
  });
  const text = plant("vendor's internal note", vendor.party);
  await waitFor(() => vendor.client.post<object>(`${path}/entries`, { kind: "note", text, audience: "internal" }));
  return token;
}

/** Ends the vendor's part, and plants texts that the former vendor may not read. */
async function endPart(given: WalkCase, carrier: Company, vendor: Company, markers: Markers): Promise<void> {
  const token = await acceptCase(given, vendor, markers);
  await vendor.client.post(`${given.queue}/${given.handoffId}/resolve`, { token, fixCode: "reset" });
  await waitFor(
    async () => (await carrier.client.get<{ status: string }>(given.path)).status === "resolved" || undefined,
  );
  await carrier.client.post(`${given.path}/confirm`);
  await carrier.client.post(`${given.path}/entries`, {
    kind: "note",
    text: markers.plant("note after the end", carrier.party),
  });
}
