import { describe, expect, test } from "vitest";
import {
  acceptRequest,
  identifier,
  jointSessionRequest,
  label,
  textRow,
  personId,
  prose,
  sentStep,
  sentSubject,
} from "../src/index.ts";

describe("the schema converts different spellings of an identifier to one spelling", () => {
  test.each([
    [" X-9", "X-9"],
    ["X-9 ", "X-9"],
    ["\u3000X-9\u00a0", "X-9"],
    ["\ufeffX-9\n", "X-9"],
    ["Re\u0301f", "R\u00e9f"],
    ["\u212b", "\u00c5"],
    ["\u1112\u1161\u11ab", "\ud55c"],
    ["X 9", "X 9"],
    ["x-9", "x-9"],
    ["\uff38-9", "\uff38-9"],
  ])("the schema changes %j to %j", (sent, id) => {
    expect(identifier(10).parse(sent)).toBe(id);
    expect(identifier(10).parse(id)).toBe(id);
  });

  test.each([
    ["", "blank"],
    [" \u00a0", "blank"],
    ["X\u200b9", "a zero-width space"],
    ["X\u200d9", "a joiner"],
    ["X\u00ad9", "a soft hyphen"],
    ["X\ufe0f9", "a variation selector"],
    ["X\u31649", "a Hangul filler"],
    ["X\u200e9", "a mark"],
    ["X\u202e9", "an override"],
    ["X\u00a09", "another space"],
    ["X\t9", "a tab"],
    ["X\n9", "two rows"],
    ["12345678901", "eleven characters"],
  ])("the schema refuses %j: %s", (sent) => {
    expect(identifier(10).safeParse(sent).error?.issues).toHaveLength(1);
  });
});

describe("a schema of a text for people", () => {
  test.each([
    ["blank", " \t "],
    ["blank", "\u00a0\u200b\u200d\u2800\u3164"],
    ["empty", ""],
    ["an embedding", "a\u202ab"],
    ["an override", "invoice \u202egpj.exe"],
    ["an isolate", "\u2067a\u2069"],
    ["a deprecated format character", "a\u206ab"],
    ["an annotation", "a\ufff9b"],
    ["hidden tags", "hello\u{e0068}\u{e0069}"],
    ["an escape", "\u001b[31mred"],
    ["a backspace", "a\bb"],
    ["a C1 control", "a\u009bb"],
  ])("refuses %s with one fault, in one row and in prose: %j", (_, text) => {
    for (const schema of [textRow(50), prose(50), label(50)])
      expect(schema.safeParse(text).error?.issues).toHaveLength(1);
  });

  test.each([
    "Handheld is dead",
    " leading and trailing ",
    "می‌خواهم", // a non-joiner
    "क्‍ष", // a joiner
    "👩‍💻 ❤️ 🇨🇦",
    "\u200fשלום\u200e 12",
    "葛\u{e0100}飾", // an ideographic variation
    "Re\u0301f",
    "soft\u00adhyphen",
  ])("accepts %j unchanged", (text) => {
    expect(textRow(50).parse(text)).toBe(text);
    expect(prose(50).parse(text)).toBe(text);
  });

  test("a field for prose accepts several rows, and a field for one row refuses them", () => {
    for (const text of ["a\nb", "a\r\n\tb", "a\u2028b"]) {
      expect(prose(50).parse(text)).toBe(text);
      expect(textRow(50).safeParse(text).success).toBe(false);
    }
  });
});

test("the schemas convert identities of a subject and parameters of a step to one spelling", () => {
  expect(sentSubject.parse({ email: " Ann@example.com ", customerId: " C-1", msisdn: " +1 416 555 0100" })).toEqual({
    email: "Ann@example.com",
    customerId: "C-1",
    msisdn: "+1 416 555 0100",
  });
  const step = { name: "reset", outcome: "failed", parameters: { " mode": "cafe\u0301 ", empty: "" } };
  expect(sentStep.parse(step)).toEqual({ ...step, parameters: { mode: "caf\u00e9", empty: "" } });
});

test("the requests of a vendor's desk follow the rules for ids and texts", () => {
  const accepted = {
    token: 1,
    person: " ada ",
    engineer: { name: "Ada", contact: "ada@orchard.example" },
    vendorCaseId: " OR-1",
    nextStep: "test it",
    eta: "2030-01-01T00:00:00Z",
    readBack: { problem: "dead", tried: "nothing" },
    dossierVersion: 1,
  };
  expect(acceptRequest.parse(accepted)).toMatchObject({ person: "ada", vendorCaseId: "OR-1" });
  const wrong = { ...accepted, engineer: { name: " ", contact: "x" }, nextStep: "a\u202eb" };
  expect(acceptRequest.safeParse(wrong).error?.issues.map(({ path }) => path.join("/"))).toEqual([
    "engineer/name",
    "nextStep",
  ]);
  expect(jointSessionRequest.safeParse({ outcome: "\u200b" }).success).toBe(false);
  expect(personId.parse(" ada")).toBe("ada");
});
