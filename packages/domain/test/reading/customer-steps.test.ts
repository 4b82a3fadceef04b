import {
  type ReceivedMessage,
  caseEvents,
  clockEvents,
  customerStep,
  handoffEvents,
  parseInstant,
  topics,
  wall,
} from "@crossline/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { customerSentence, customerStepsOf } from "../../src/index.ts";

/* The customer's history of a case. The property plants a marker in every text of every event, and searches the history for the markers. */

/** The parts of a zod schema that the arbitrary needs. */
type Schema = { readonly def: Readonly<Record<string, unknown>> & { readonly type: string } };

const types = Object.entries({ ...caseEvents, ...handoffEvents, ...clockEvents });
const start = parseInstant("2026-03-07T14:00:00Z");

/** Returns any data of a schema, in which every free text is a marker with the path of its field. */
function dataOf(schema: Schema, path: string): fc.Arbitrary<unknown> {
  const { def } = schema;
  switch (def.type) {
    case "object":
      return fc.record(
        Object.fromEntries(
          Object.entries(def["shape"] as Record<string, Schema>).map(([name, inner]) => [
            name,
            dataOf(inner, `${path}.${name}`),
          ]),
        ),
      );
    case "optional":
    case "nullable":
      return fc.option(dataOf(def["innerType"] as Schema, path), { nil: undefined });
    case "default":
      return dataOf(def["innerType"] as Schema, path);
    case "array":
      return fc.array(dataOf(def["element"] as Schema, `${path}[]`), { maxLength: 2 });
    case "record":
      return dataOf(def["valueType"] as Schema, path).map((value) => ({ any: value }));
    case "string":
      return fc.constant(/\.(?:from|until|needBy|eta|dueAt)$/.test(path) ? "2026-03-08T14:00:00Z" : `<${path}>`);
    case "number":
      return fc.constant(7);
    case "boolean":
      return fc.boolean();
    case "enum":
      return fc.constantFrom(...Object.values(def["entries"] as object));
    case "union":
      return fc.oneof(...(def["options"] as Schema[]).map((option) => dataOf(option, path)));
    case "literal":
      return fc.constantFrom(...(def["values"] as unknown[]));
    case "pipe":
      return dataOf(def["in"] as Schema, path);
    default:
      throw new Error(`${path} has the unknown schema ${def.type}`);
  }
}

function fact(type: string, data: unknown, time = start, sequence = 1): ReceivedMessage {
  return { topic: topics.case, key: "cs_1", sequence, type, time, timeline: wall, partition: 0, id: "x", data };
}

const anyFact = fc
  .constantFrom(...types)
  .chain(([type, schema]) => fc.tuple(fc.constant(type), dataOf(schema as unknown as Schema, type)))
  .chain(([type, data]) => fc.nat({ max: 3 }).map((minutes) => fact(type, data, start + minutes * 60_000)));

/** The fields that a customer may read: names of companies, and the texts that were written for the customer. */
const readable = new Set([
  "case.opened.carrier",
  "promise.made.promisor",
  "promise.delivered.promisor",
  "promise.withdrawn.promisor",
  "handoff.accepted.vendor",
  "handoff.returned.vendor",
  "handoff.resolved.vendor",
  "joint.declared.accountable",
  "promise.made.text",
  "entry.added.text",
]);
const isReadable = (path: string): boolean => readable.has(path) || path.endsWith(".actor.party");

test("no internal text, person, code or clock of any event is in the customer's history", () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(fc.array(anyFact, { minLength: 1, maxLength: 30 }), (facts) => {
      const steps = customerStepsOf(facts);
      const text = JSON.stringify([steps, steps.map((step) => customerSentence(step, (party) => party))]);
      const paths = [...text.matchAll(/<([^<>]+)>/g)].map(([, path = ""]) => path);
      for (const path of paths) seen.add(path);
      expect(paths.filter((path) => !isReadable(path))).toEqual([]);
      // A text of an entry is in the history only if the entry is for the customer, and in the shared chain.
      const texts = facts.filter(({ type, data }) => {
        const { audience, chain, text: words } = data as Record<string, unknown>;
        return type === "entry.added" && audience === "customer" && chain !== "internal" && words !== undefined;
      });
      expect(steps.filter(({ words }) => words === "<entry.added.text>").length).toBeLessThanOrEqual(texts.length);
    }),
    { numRuns: 2_000 },
  );
  // The property has seen every text that a customer may read, so its histories have content.
  expect([...readable].filter((path) => !seen.has(path))).toEqual([]);
});

const by = (party: string, person = "p-7") => ({ party, person, automated: false });
const entry = { kind: "note", by: "party", news: true, entryId: "en_1", actor: by("northtel"), text: "secret" };

describe("an entry", () => {
  test.each([
    ["internal", undefined, false],
    ["partners", "shared", false],
    ["customer", "internal", false],
    ["customer", "shared", true],
    ["customer", undefined, true],
  ])("for %s in the chain %s", (audience, chain, isShown) => {
    const steps = customerStepsOf([fact("entry.added", { ...entry, audience, chain })]);
    expect(steps).toEqual(
      isShown ? [{ at: "2026-03-07T14:00:00Z", kind: "note", party: "northtel", words: "secret" }] : [],
    );
  });
});

describe("a contact", () => {
  const contact = (direction: string, content: string, automated = false) =>
    customerStepsOf([
      fact("case.contacted", { actor: { ...by("northtel"), automated }, channel: "mail", direction, content }),
    ]).map((step) => customerSentence(step, () => "Northtel"));
  test.each([
    ["inbound", "inquiry", ["You contacted Northtel by mail."]],
    ["inbound", "works", ["You reported that it works."]],
    ["inbound", "still-broken", ["You reported that it is still broken."]],
    ["inbound", "auto-reply", []],
    ["outbound", "answer", ["Northtel answered you by mail."]],
    ["outbound", "inquiry", ["Northtel asked you a question by mail."]],
    ["outbound", "article", []],
    ["outbound", "auto-reply", []],
  ])("%s %s", (direction, content, sentences) => {
    expect(contact(direction, content)).toEqual(sentences);
  });

  test("of a program is no answer", () => {
    expect(contact("outbound", "answer", true)).toEqual([]);
  });
});

test("the words of an act on the customer's screen are in the step of the act", () => {
  const contact = { actor: by("northtel"), channel: "web", direction: "inbound", content: "still-broken" };
  const words = { ...entry, by: "customer", audience: "customer", chain: "shared", text: "It is dead." };
  expect(customerStepsOf([fact("case.contacted", contact), fact("entry.added", words)])).toEqual([
    { at: "2026-03-07T14:00:00Z", kind: "you-disagreed", words: "It is dead." },
  ]);
  const later = fact("entry.added", words, start + 1);
  expect(customerStepsOf([fact("case.contacted", contact), later])).toHaveLength(2);
});

test("a live contact is one step, although it is a handling too", () => {
  const actor = by("northtel");
  const facts = [
    fact("case.contacted", { actor, channel: "phone", direction: "outbound", content: "answer" }),
    fact("handling.started", { actor, channel: "phone", handlingId: "hd_1" }),
    fact("handling.started", { actor, channel: "phone", handlingId: "hd_2" }, start + 60_000),
  ];
  expect(customerStepsOf(facts).map(({ kind }) => kind)).toEqual(["answered", "live"]);
});

test("a long history keeps the opening and the last 99 steps", () => {
  const opened = fact("case.opened", { actor: by("northtel"), carrier: "northtel" });
  const note = (index: number) =>
    fact("entry.added", { ...entry, audience: "customer", chain: "shared", text: `note ${index}` }, start + index);
  const steps = customerStepsOf([opened, ...Array.from({ length: 300 }, (_, index) => note(index))]);
  expect(steps).toHaveLength(100);
  expect([steps[0]?.kind, steps[1]?.words, steps.at(-1)?.words]).toEqual(["opened", "note 201", "note 299"]);
});

test("a name with characters of a pattern stays as it is", () => {
  const name = "$& {by} $1";
  expect(customerSentence({ kind: "answered", party: "x", channel: "sms" }, () => name)).toBe(
    `${name} answered you by text message.`,
  );
});

test("every kind of step has a sentence without an open place", () => {
  for (const kind of customerStep.shape.kind.options)
    expect(customerSentence({ kind, party: "x" }, () => "Northtel")).toMatch(/^[A-Z][^{}]*\.$/i);
});
