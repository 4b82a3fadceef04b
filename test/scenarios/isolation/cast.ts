import { waitFor } from "@crossline/testing";
import type { Company } from "./company.ts";
import type { Ground } from "./ground.ts";
import type { Markers } from "./markers.ts";
import type { Companies } from "./random-case.ts";

/**
 * Two carriers, two vendors and a former vendor. `orchard` is the former vendor of one case and holds another. The part of the fifth company
 * in its only case has ended.
 */
export type Cast = { readonly companies: Companies; readonly all: readonly Company[] };

/**
 * Creates the companies, everything that a company sets up, and cases on the wall timeline, each with planted texts. The companies have
 * one issuer.
 */
export async function createCast(ground: Ground, issuerUrl: string): Promise<Cast> {
  const { markers, stage } = ground;
  const [north, rogers] = [await ground.join("north", "carrier"), await ground.join("rogers", "carrier")];
  const [orchard, quill] = [await ground.join("orchard", "vendor"), await ground.join("quill", "vendor")];
  const former = await ground.join("former", "vendor");
  const companies = { north, rogers, orchard, quill };
  const all = [...Object.values(companies), former];
  const everyone = all.map(({ party }) => party);
  const rosters = new Map<string, string>();
  for (const company of all) {
    // The carrier of a line that pages a roster of another company knows the name of the roster.
    const rosterReaders = company === orchard ? [orchard.party, north.party] : [company.party];
    rosters.set(company.party, await setUp(company, rosterReaders, ground));
    const clientId = markers.plant("client at an issuer", company.party);
    await stage.operator.put(`/v1/parties/${company.party}/issuer`, { issuer: issuerUrl, clientId });
    // A line of any company can count by a published calendar, so every company reads it.
    const calendar = markers.plant("calendar", ...everyone);
    const hours = { mon: ["09:00-17:30"] };
    await company.client.post("/v1/calendars", { calendar, zone: "America/Toronto", week: hours });
  }
  await publishLine(ground, north, orchard);
  await publishLine(ground, rogers, quill);
  await publishLine(ground, north, former, "to-former");
  const shared = await openCase(north, orchard, markers);
  await acceptCase(shared, orchard, markers);
  await openIncident(north, orchard, { lead: shared, member: await openCase(north, undefined, markers) }, markers);
  const ended = await openCase(north, orchard, markers);
  await endPart(ended, north, orchard, markers);
  await endPart(await openCase(north, former, markers, "to-former"), north, former, markers);
  await openCase(rogers, quill, markers);
  await announceChange(north, orchard, markers);
  await announceChange(quill, rogers, markers);
  for (const paged of [north, orchard])
    await pageRoster(ground, north, { party: paged.party, roster: rosters.get(paged.party) ?? "" });
  return { companies, all };
}

/** Creates the things that a company sets up for itself. Returns the name of its roster. */
async function setUp(
  company: Company,
  rosterReaders: readonly string[],
  { markers, receivers, follow }: Ground,
): Promise<string> {
  const { client, party, isCarrier } = company;
  const { plant } = markers;
  const person = plant("person", party);
  const roster = plant("roster", ...rosterReaders);
  const ada = {
    id: person,
    name: plant("name", party),
    mail: `${plant("mail", party)}@${party}.example`,
    url: receivers.urlOf("page", party, plant("pager", party)),
  };
  const rotation = [
    { turn: "daily", handover: "09:00", zone: "America/Toronto", start: "2026-03-01", order: [person] },
  ];
  await waitFor(() => client.post("/v1/rosters", { roster, people: [ada], rotation }), { timeoutMs: 30_000 });
  await follow(company, "wall");
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
  return roster;
}

async function publishLine(
  { receivers, markers }: Ground,
  carrier: Company,
  vendor: Company,
  line = "walk",
): Promise<void> {
  const queue = `${vendor.party}.desk`;
  await vendor.client.put(`/v1/queues/${queue}`, { carriers: [carrier.party] });
  await waitFor(
    () =>
      carrier.client.post("/v1/lines", {
        line,
        mode: "cross",
        calendar: "24x7",
        clocks: [{ kind: "stall.idle", target: "PT4H", warnAt: [] }],
        crossing: [{ to: `queue:${queue}`, acceptWithin: "PT4H", repeat: 1 }],
        lastResort: [receivers.urlOf("page", carrier.party, markers.plant("duty address", carrier.party))],
      }),
    { timeoutMs: 30_000 },
  );
}

/** Opens a case whose first step pages the people of a roster. */
async function pageRoster(
  { markers, receivers }: Ground,
  carrier: Company,
  { party, roster }: { readonly party: string; readonly roster: string },
): Promise<void> {
  const line = markers.plant("line with a page", carrier.party, party);
  await carrier.client.post("/v1/lines", {
    line,
    mode: "cross",
    calendar: "24x7",
    clocks: [{ kind: "stall.idle", target: "PT4H", warnAt: [] }],
    crossing: [{ to: `roster:${party}.${roster}`, acceptWithin: "PT4H", repeat: 1 }],
    lastResort: [receivers.urlOf("page", carrier.party)],
  });
  const { id } = await waitFor(
    () =>
      carrier.client.post<{ id: string }>("/v1/cases", {
        carrierCaseId: markers.plant("number of a paged case", carrier.party, party),
        line,
        title: markers.plant("title of a paged case", carrier.party, party),
        channel: "phone",
        device: { vendor: "unknown" },
        subject: { name: markers.plant("customer of a paged case", carrier.party, party) },
      }),
    { timeoutMs: 30_000 },
  );
  const path = `/v1/cases/${id}`;
  const text = markers.plant("internal note of a paged case", carrier.party);
  await carrier.client.post(`${path}/entries`, { kind: "note", text, audience: "internal" });
  const { version } = await carrier.client.get<{ version: number }>(path);
  await carrier.client.post(`${path}/crossings`, { asOf: version });
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
  const [carrier, title] = by.isCarrier
    ? [by, plant("title of a linked case", by.party)]
    : [to, plant("title of a linked case", to.party)];
  await carrier.client.post("/v1/cases", {
    carrierCaseId: title,
    line: "walk",
    title,
    channel: "phone",
    device: { vendor: by.isCarrier ? "unknown" : by.party },
    symptom,
  });
  await to.client.post(`/v1/changes/${id}/receipt`, { person: plant("person of a receipt", ...readers) });
}

type WalkCase = { readonly path: string; readonly queue: string; readonly handoffId: string };

/** Opens a case with texts for its companies. With a vendor, the carrier also hands the case over. */
async function openCase(
  carrier: Company,
  vendor: Company | undefined,
  { plant }: Markers,
  line = "walk",
): Promise<WalkCase> {
  const { client, party } = carrier;
  const readers = vendor === undefined ? [party] : [party, vendor.party];
  const customer = `customers.${party}`;
  const opened = await client.post<{ id: string; version: number }>("/v1/cases", {
    carrierCaseId: plant("number", ...readers, customer),
    line,
    title: `No signal ${plant("title", ...readers, customer)}`,
    channel: "phone",
    device: { vendor: vendor?.party ?? party, model: plant("model", ...readers) },
    symptom: plant("symptom", ...readers),
    subject: {
      name: plant("customer", ...readers, customer),
      customerId: plant("customer id", ...readers),
      email: `${plant("customer's mail", ...readers, customer)}@${customer}.example`,
    },
    person: plant("rep", ...readers),
  });
  const path = `/v1/cases/${opened.id}`;
  await client.post(`${path}/entries`, { kind: "note", text: plant("note", ...readers) });
  await client.post(`${path}/entries`, { kind: "note", text: plant("internal note", party), audience: "internal" });
  await client.post(`${path}/promises`, { text: plant("promise", ...readers), until: "2027-01-01T00:00:00Z" });
  await client.post(`${path}/messages`, { text: plant("message", ...readers), channel: "sms" });
  const mail = { text: plant("mail", ...readers, customer), via: "mail", person: "rep-1" };
  const { id: mailId } = await client.post<{ id: string }>(`${path}/messages`, mail);
  // The answer that leaves is an entry of the dossier, and a vendor must accept the newest dossier.
  const messages = () => client.get<{ items: { id: string; state: string }[] }>(`${path}/messages`);
  const isSent = async () => (await messages()).items.some(({ id, state }) => id === mailId && state === "sent");
  await waitFor(isSent, { timeoutMs: 60_000, what: "the mail to the customer is sent" });
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
  markers: Markers,
): Promise<void> {
  const { plant } = markers;
  const idOf = ({ path }: WalkCase): string => path.slice("/v1/cases/".length);
  const request = { leadCaseId: idOf(lead), members: [idOf(member)], reason: plant("reason of an incident", party) };
  const { id } = await client.post<{ id: string }>("/v1/incidents", request);
  // The holder of the lead case receives the events of the incident without its reasons.
  markers.remember(id, "id of an incident", [party, vendor.party]);
  const partOf = async () => (await client.get<{ incident?: object }>(member.path)).incident;
  await waitFor(partOf, { timeoutMs: 30_000 });
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
