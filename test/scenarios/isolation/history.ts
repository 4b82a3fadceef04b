import { waitFor } from "@crossline/testing";
import { seeded } from "../../simulation/random.ts";
import { type ActName, performAct } from "./acts.ts";
import type { Company } from "./company.ts";
import type { Ground } from "./ground.ts";
import { type CasePlan, type Companies, RandomCase, type RoleName } from "./random-case.ts";

/**
 * Both carriers have cases for both vendors. One line and its cases belong to `rogers` and `quill` alone. Another line belongs to `north`
 * alone, with two cases that an incident can join.
 */
const plans: readonly CasePlan[] = [
  { carrier: "north", vendors: ["orchard", "quill"], line: "to-both" },
  { carrier: "rogers", vendors: ["quill", "orchard"], line: "to-both" },
  { carrier: "rogers", vendors: ["quill"], line: "to-one" },
  { carrier: "north", vendors: [], line: "to-none" },
  { carrier: "north", vendors: [], line: "to-none" },
  { carrier: "north", vendors: ["orchard", "quill"], line: "to-both" },
];
const slots = 24;
const actsOfSlot = 3;
const startMs = Date.UTC(2025, 2, 8, 14);
const minutes = [2, 10, 30, 75];

export type HistoryOptions = {
  readonly seed: number;
  /** The history leaves out everything that this company may not know: the cases of other companies, and their internal entries. */
  readonly onlyFor?: RoleName;
};

/** The kinds of secrets. */
export const secretKinds = ["internal entry", "problem", "change", "incident"] as const;
type SecretKind = (typeof secretKinds)[number];

/** A played history. */
export type History = {
  readonly companies: Companies;
  readonly timelines: ReadonlyMap<RoleName, string>;
  readonly acts: ReadonlySet<ActName>;
  /** The kinds of the texts that only one company knows, one for each text. */
  readonly secrets: readonly SecretKind[];
  /** The responses to the commands of one company, in order. */
  readonly responsesTo: (company: Company) => readonly string[];
};

/**
 * Plays a random history of two carriers and two vendors on stepped timelines. A seed gives the same acts at the same instants, with and
 * without the secrets of the other companies.
 */
export async function playHistory(ground: Ground, companies: Companies, options: HistoryOptions): Promise<History> {
  const { seed, onlyFor } = options;
  const isKnown = (...members: readonly RoleName[]): boolean => onlyFor === undefined || members.includes(onlyFor);
  const shown = plans.filter(({ carrier, vendors }) => isKnown(carrier, ...vendors));
  const carriers = [...new Set(shown.map(({ carrier }) => carrier))];
  await openHistoryQueues(companies);
  for (const plan of new Map(shown.map((one) => [`${one.carrier} ${one.line}`, one])).values())
    await publishLine(ground, companies, plan, seed);
  const timelines = new Map<RoleName, string>();
  for (const role of carriers) {
    const start = { kind: "stepped", start: new Date(startMs).toISOString() };
    const { id } = await companies[role].client.post<{ id: string }>("/v1/timelines", start);
    timelines.set(role, id);
    const vendors = shown.filter(({ carrier }) => carrier === role).flatMap((plan) => plan.vendors);
    const members = [...new Set([role, ...vendors])];
    ground.markers.remember(id, "id of a timeline", () => members.map((member) => companies[member].party));
    for (const member of members) await ground.follow(companies[member], id);
  }
  const cases = plans.map((plan) => new RandomCase(plan, companies, ground));
  const acts = new Set<ActName>();
  const secrets: SecretKind[] = [];
  let now = startMs;
  for (let slot = 0; slot < slots; slot += 1) {
    const numbers = seeded(seed * 1_000 + slot);
    const at = numbers.pick(cases);
    const [by, secretNumbers] = [numbers.pick(["north", "rogers", "orchard", "quill"] as const), numbers.below(1e9)];
    now += numbers.pick(minutes) * 60_000;
    if (shown.includes(at.plan))
      for (const act of await playSlot(at, slot, { seed, timelines, numbers })) acts.add(act);
    if (isKnown(by)) secrets.push(...(await writeSecrets(cases, { by, number: secretNumbers, timelines })));
    for (const [role, timeline] of timelines)
      await companies[role].client.post(`/v1/timelines/${timeline}/advance`, { to: new Date(now).toISOString() });
    // A vendor's part can begin and end while other cases have their turns.
    await Promise.all(cases.filter(({ id }) => id !== "").map((one) => one.read(slot + 1)));
  }
  const responsesTo = ({ party }: Company) => cases.flatMap(({ responses }) => responses.get(party) ?? []);
  return { companies, timelines, acts, secrets, responsesTo };
}

async function openHistoryQueues({ north, rogers, orchard, quill }: Companies): Promise<void> {
  const carriers = { carriers: [north.party, rogers.party] };
  for (const vendor of [orchard, quill]) await vendor.client.put(`/v1/queues/${vendor.party}.history`, carriers);
}

async function publishLine(ground: Ground, companies: Companies, plan: CasePlan, seed: number): Promise<void> {
  const carrier = companies[plan.carrier];
  const document = {
    line: `${plan.line}-${seed}`,
    mode: plan.vendors.length === 0 ? "observe" : "cross",
    calendar: "24x7",
    clocks: [
      { kind: "first-response", target: "PT1H", warnAt: [50] },
      { kind: "stall.idle", target: "PT4H", warnAt: [50] },
      { kind: "next-update", target: "PT6H", warnAt: [] },
      { kind: "resolution", target: "P2D", warnAt: [] },
    ],
    crossing: plan.vendors.map((role) => ({
      to: `queue:${companies[role].party}.history`,
      acceptWithin: "PT3H",
      repeat: 1,
    })),
    lastResort: plan.vendors.length === 0 ? [] : [ground.receivers.urlOf("page", carrier.party)],
  };
  await waitFor(() => carrier.client.post("/v1/lines", document), { timeoutMs: 30_000 });
}

type Slot = {
  readonly seed: number;
  readonly timelines: History["timelines"];
  readonly numbers: ReturnType<typeof seeded>;
};

/** Opens the case if it is not open yet, and performs some acts. */
async function playSlot(at: RandomCase, slot: number, { seed, timelines, numbers }: Slot): Promise<readonly ActName[]> {
  if (at.id === "") await openCase(at, seed, timelines.get(at.plan.carrier) ?? "");
  const names: ActName[] = [];
  for (let count = 0; count < actsOfSlot; count += 1) names.push(await performAct(at, await at.read(slot), numbers));
  await at.read(slot);
  return names;
}

async function openCase(at: RandomCase, seed: number, timeline: string): Promise<void> {
  const { carrier, plan } = at;
  const opened = await carrier.client.post<{ id: string }>("/v1/cases", {
    carrierCaseId: at.plant("number", carrier),
    timeline,
    line: `${plan.line}-${seed}`,
    title: at.plant("title", carrier),
    channel: "phone",
    device: { vendor: "unknown", model: at.plant("model", carrier) },
    symptom: at.plant("symptom", carrier),
    subject: { name: at.plant("customer", carrier), customerId: at.plant("customer id", carrier) },
  });
  at.isOpenedAs(opened.id);
}

type Secret = {
  readonly by: RoleName;
  readonly number: number;
  readonly timelines: History["timelines"];
};

/** Writes an internal entry of one company, and mostly a further secret. Returns the kinds of the secrets. */
async function writeSecrets(
  cases: readonly RandomCase[],
  { by, number, timelines }: Secret,
): Promise<readonly SecretKind[]> {
  const numbers = seeded(number);
  const own = cases.filter(({ id, plan }) => id !== "" && (plan.carrier === by || plan.vendors.includes(by)));
  const open = own.filter((one) => one.hasPart(one.companies[by]));
  if (open.length === 0) return [];
  const at = numbers.pick(open);
  const kind = numbers.below(4);
  const further = numbers.pick([openProblem, announceChange, openIncident]);
  const company = at.companies[by];
  const text = at.plantInternally("internal entry", company);
  const entries = [
    { kind: "note", text },
    { kind: "message", text },
    { kind: "fact", fact: { name: text, value: "1" } },
    { kind: "step-tried", step: { name: text, parameters: {}, outcome: "failed" } },
  ];
  // A program writes the entry, because an act of the holder's person restarts `stall.idle`.
  await at.send(company, `${at.path}/entries`, { ...entries[kind], audience: "internal", automated: true });
  const timeline = timelines.get(by);
  const added = await further({ at, company, cases, timeline });
  return ["internal entry", ...(added === undefined ? [] : [added])];
}

type FurtherSecret = {
  readonly at: RandomCase;
  readonly company: Company;
  readonly cases: readonly RandomCase[];
  /** The timeline of a carrier. */
  readonly timeline: string | undefined;
};

async function openProblem({ at, company, timeline }: FurtherSecret): Promise<SecretKind | undefined> {
  if (!company.isCarrier) return undefined;
  const title = at.plantInternally("problem", company);
  const owner = at.plantInternally("owner", company);
  await company.client.post("/v1/problems", { timeline, title, reason: title, owner });
  return "problem";
}

/** Announces a change to a company that does not exist, with the symptom of no case. The start is later than every deadline of the test. */
async function announceChange({ at, company }: FurtherSecret): Promise<SecretKind | undefined> {
  const { id } = await company.client.post<{ id: string }>("/v1/changes", {
    title: at.plantInternally("title of a secret change", company),
    description: at.plantInternally("description of a secret change", company),
    startsAt: "2028-01-01T00:00:00Z",
    endsAt: "2028-01-02T00:00:00Z",
    symptoms: [at.plantInternally("symptom of a secret change", company)],
    affected: { companies: [at.plantInternally("company of a secret change", company)] },
  });
  at.rememberInternally(id, "id of a secret change", company);
  return "change";
}

/** Joins the cases that only the carrier knows. A second incident of the same cases is refused. */
async function openIncident({ at, company, cases }: FurtherSecret): Promise<SecretKind | undefined> {
  const [lead, ...members] = cases.filter(
    ({ id, plan, carrier }) => id !== "" && carrier === company && plan.vendors.length === 0,
  );
  if (lead === undefined || members.length === 0) return undefined;
  const opened = await at.send(company, "/v1/incidents", {
    leadCaseId: lead.id,
    members: members.map(({ id }) => id),
    reason: at.plantInternally("reason of a secret incident", company),
  });
  if (opened === undefined) return undefined;
  at.rememberInternally(opened.id, "id of a secret incident", company);
  return "incident";
}
