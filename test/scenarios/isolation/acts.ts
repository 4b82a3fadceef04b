import type { Random } from "../../simulation/random.ts";
import type { Company } from "./company.ts";
import type { CaseNow, RandomCase } from "./random-case.ts";

/* The acts of people in a random history. Each act plants its texts. */

type Act = (at: RandomCase, by: Company, now: CaseNow) => Promise<unknown>;

const later = "2025-06-01T00:00:00Z";
const engineer = { name: "Ada Lovett", contact: "ada@desk.example" };
const evidence = (at: RandomCase, by: Company) => ({
  test: at.plant("test", by),
  result: at.plant("result", by),
  wouldChangeOurMind: "a log",
});

const onCase =
  (part: string, body: (at: RandomCase, by: Company) => object): Act =>
  (at, by) =>
    at.send(by, `${at.path}/${part}`, { person: "p-1", ...body(at, by) });
const onHandoff =
  (part: string, body: (at: RandomCase, by: Company) => object): Act =>
  (at, by, { open, crossings }) => {
    const { queue, handoffId } = open ?? crossings.findLast(({ vendor }) => vendor === by.party) ?? {};
    const path = `/v1/queues/${queue}/handoffs/${handoffId}/${part}`;
    return at.send(by, path, { person: "p-1", token: at.token, ...body(at, by) });
  };

/** The acts of any company that has a part in the case. */
const common = {
  note: onCase("entries", (at, by) => ({ kind: "note", text: at.plant("note", by) })),
  hypothesis: onCase("entries", (at, by) => ({ kind: "hypothesis", text: at.plant("hypothesis", by) })),
  fact: onCase("entries", (at, by) => ({ kind: "fact", fact: { name: at.plant("fact", by), value: "1" } })),
  step: onCase("entries", (at, by) => {
    const step = { name: at.plant("step", by), parameters: {}, outcome: "failed" };
    return { kind: "step-tried", step };
  }),
  promise: async (at, by) => {
    const text = at.plant("promise", by);
    const made = await at.send(by, `${at.path}/promises`, { text, until: later });
    at.promiseId = made?.id ?? at.promiseId;
  },
  handle: async (at, by) => {
    const started = await at.send(by, `${at.path}/handlings`, { channel: "phone", person: at.plant("rep", by) });
    at.handlingId = started?.id ?? at.handlingId;
  },
  "end the handling": (at, by) => at.send(by, `${at.path}/handlings/${at.handlingId}/end`, {}),
} as const satisfies Record<string, Act>;

/** The further acts of the carrier. */
const carriers = {
  "keep a promise": (at, by) =>
    at.send(by, `${at.path}/promises/${at.promiseId}/delivered`, { evidence: at.plant("evidence", by) }),
  contact: onCase("contacts", (at, by) => {
    return { channel: "mail", direction: "inbound", content: "inquiry", subject: { name: at.plant("customer", by) } };
  }),
  answer: onCase("contacts", () => ({ channel: "mail", direction: "outbound", content: "answer" })),
  message: async (at, by) => {
    const text = at.plant("message", by);
    const written = await at.send(by, `${at.path}/messages`, { text, channel: "sms", person: "p-1" });
    at.messageId = written?.id ?? at.messageId;
  },
  "message sent": (at, by) => at.send(by, `${at.path}/messages/${at.messageId}/sent`, {}),
  urgency: onCase("severity", (at, by) => ({ severity: "critical", reason: at.plant("reason", by) })),
  correct: onCase("corrections", (at, by) => ({ title: at.plant("title", by), reason: at.plant("reason", by) })),
} as const satisfies Record<string, Act>;

/** The acts that change the holder or the status, by the state of the case. */
const turns = {
  cross: (at, by, { version }) => at.send(by, `${at.path}/crossings`, { asOf: version }),
  claim: async (at, by, { open }) => {
    const claimed = await at.send(by, `/v1/queues/${open?.queue}/handoffs/${open?.handoffId}/claim`, { person: "p-1" });
    if (claimed === undefined) return;
    at.token = claimed.token as number;
    at.dossierVersion = claimed.brief.case.version as number;
  },
  accept: async (at, by, now) => {
    const body = () => ({
      engineer,
      vendorCaseId: at.plant("vendor's number", by),
      nextStep: at.plant("next step", by),
      eta: later,
      readBack: { problem: "dead", tried: "nothing" },
      dossierVersion: at.dossierVersion,
    });
    if ((await onHandoff("accept", body)(at, by, now)) !== undefined) at.cure("");
  },
  reject: onHandoff("reject", (at, by) => ({ code: "duplicate", note: at.plant("rejection", by) })),
  release: onHandoff("release", () => ({})),
  ask: onHandoff("request-info", (at, by) => ({
    code: "missing-item",
    question: at.plant("question", by),
    items: [],
  })),
  inform: (at, by, { open }) => {
    const answer = at.plant("information", by);
    return at.send(by, `${at.path}/handoffs/${open?.handoffId}/information`, { answer, person: "p-1" });
  },
  "give back": onHandoff("return", (at, by) => ({ code: "cannot-reproduce", evidence: evidence(at, by) })),
  "pass on": (at, by, now) => {
    const other = at.plan.vendors.map((role) => at.companies[role]).find((vendor) => vendor !== by);
    const body = () => ({ code: "wrong-vendor", to: `${(other ?? by).party}.history`, evidence: evidence(at, by) });
    return onHandoff("transfer", body)(at, by, now);
  },
  resolve: async (at, by, now) => {
    const body = () => ({ fixCode: "reset", note: at.plant("note of a fix", by), rootCause: "memory full" });
    if ((await onHandoff("resolve", body)(at, by, now)) !== undefined) at.cure(by.party);
  },
  "resolve at the carrier": onCase("status", (at, by) => ({
    status: "resolved",
    fixCode: "found",
    rootCause: at.plant("root cause", by),
  })),
  confirm: async (at, by) => {
    await at.send(by, `${at.path}/confirm`, {});
    at.cure("");
  },
  close: async (at, by) => {
    if ((await at.send(by, `${at.path}/close`, { note: at.plant("note of an end", by) })) !== undefined) at.cure("");
  },
  reopen: async (at, by, now) => {
    at.showFormer(now);
    await at.send(by, `${at.path}/reopen`, { code: "still-broken", reason: at.plant("reason of a reopening", by) });
  },
} as const satisfies Record<string, Act>;

export type ActName = keyof typeof common | keyof typeof carriers | keyof typeof turns;
/** Every act of a history. */
export const actNames = Object.keys({ ...common, ...carriers, ...turns }) as readonly ActName[];

type Choice = { readonly name: ActName; readonly by: Company; readonly act: Act };

/** Performs one act that the state of the case allows, and that the numbers choose. Returns its name. */
export async function performAct(at: RandomCase, now: CaseNow, numbers: Random): Promise<ActName> {
  const { name, by, act } = numbers.pick(choicesFor(at, now, numbers.chance(0.6)));
  await act(at, by, now);
  return name;
}

function choicesFor(at: RandomCase, now: CaseNow, isTurn: boolean): readonly Choice[] {
  const { carrier } = at;
  const vendors = at.plan.vendors.map((role) => at.companies[role]);
  const of = (by: Company, acts: Partial<Record<ActName, Act>>): Choice[] =>
    Object.entries(acts).map(([name, act]) => ({ name: name as ActName, by, act }));
  const turning = turnsIn(now).flatMap((name) => {
    const by = isCarriers(name) ? carrier : vendors.find(({ party }) => party === (now.open?.vendor ?? now.holder));
    return by === undefined ? [] : of(by, { [name]: turns[name] });
  });
  if (isTurn && turning.length > 0) return turning;
  const writing = vendors.filter((vendor) => at.hasPart(vendor)).flatMap((vendor) => of(vendor, common));
  return [...of(carrier, common), ...of(carrier, carriers), ...writing];
}

const carriersTurns: readonly string[] = ["cross", "inform", "resolve at the carrier", "confirm", "close", "reopen"];
const isCarriers = (name: string): boolean => carriersTurns.includes(name);

function turnsIn({ status, holder, open, crossings }: CaseNow): readonly (keyof typeof turns)[] {
  if (status === "closed" || status === "resolved") return status === "closed" ? ["reopen"] : ["confirm", "reopen"];
  if (open?.phase === "offered") return ["claim", "claim", "claim", "claim", "cross"];
  if (open?.phase === "claimed") return ["accept", "accept", "accept", "reject", "ask", "release"];
  if (open?.phase === "info-requested") return ["inform"];
  if (crossings.some(({ phase, vendor }) => phase === "accepted" && vendor === holder))
    return ["give back", "pass on", "resolve", "resolve"];
  return ["cross", "cross", "cross", "cross", "resolve at the carrier", "close"];
}
