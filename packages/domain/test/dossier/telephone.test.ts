import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dependsOnCountry, isCountry, readNumber, readNumbers } from "../../src/index.ts";

describe("a telephone number is parsed by the numbering plan of its country", () => {
  test.each([
    ["(416) 555-0100", "CA", "+14165550100"],
    ["1-416-555-0100", "CA", "+14165550100"],
    ["011 1 416 555 0100", "CA", "+14165550100"],
    ["+1 416 555 0100", "CA", "+14165550100"],
    ["001 416 555 0100", "CA", "+14165550100"],
    ["\uff08\uff14\uff11\uff16\uff09\uff15\uff15\uff15\uff0d\uff10\uff11\uff10\uff10", "CA", "+14165550100"],
    ["020 7946 0018", "GB", "+442079460018"],
    ["442079460018", "GB", "+442079460018"],
    ["06 698 82512", "IT", "+390669882512"],
    ["8 (495) 123-45-67", "RU", "+74951234567"],
    ["+44 (0)20 7946 0018", undefined, "+442079460018"],
    ["00442079460018", undefined, "+442079460018"],
  ])("%s in %s", (written, country, read) => {
    expect(readNumber(written, country)).toBe(read);
    expect(readNumber(read, country)).toBe(read);
  });

  test.each([
    ["(416) 555-0100", undefined],
    ["(416) 555-0100", "GB"],
    ["555-0100", "CA"],
    ["416 555 0100 ext. 5", "CA"],
    ["call 416 555 0100", "CA"],
    ["416 555 0100 / 416 555 0101", "CA"],
    ["", "CA"],
    ["0014165", "CA"],
    ["(416) 555-0100", "XX"],
  ])("%s in %s cannot be read", (written, country) => {
    expect(readNumber(written, country)).toBeUndefined();
  });
});

test("only the meaning of a national number depends on the country", () => {
  expect(dependsOnCountry({ msisdn: "(416) 555-0100" })).toBe(true);
  expect(dependsOnCountry({ phone: "at the desk" })).toBe(true);
  expect(dependsOnCountry({ msisdn: " +1 416 555 0100", phone: "0014165550100", name: "1" })).toBe(false);
});

test("an MSISDN that is impossible in its country is refused, but a phone can be any text", () => {
  expect(readNumbers({ msisdn: "555-0100" }, "CA")).toMatchObject({
    code: "invalid_request",
    fields: [{ at: "/subject/msisdn" }],
  });
  const subject = { phone: "at the desk", name: "Ann" };
  expect(readNumbers(subject, "CA")).toEqual(subject);
  expect(readNumbers({ phone: "(416) 555-0100", msisdn: "(416) 555-0101" }, "CA")).toEqual({
    phone: "+14165550100",
    msisdn: "+14165550101",
  });
});

test("a number that matches no numbering plan stays unchanged if it begins with + or has no country", () => {
  for (const msisdn of ["+1416555", "555 0100 555"]) expect(readNumbers({ msisdn }, undefined)).toEqual({ msisdn });
  expect(readNumbers({ msisdn: "+1416555" }, "CA")).toEqual({ msisdn: "+1416555" });
});

test.each([
  ["CA", true],
  ["ca", false],
  ["XX", false],
  ["constructor", false],
])("%s is a country: %s", (code, is) => {
  expect(isCountry(code)).toBe(is);
});

test("a number in E.164 is not parsed, because parsing would not change it", () => {
  const digits = fc.stringMatching(/^[2-9]\d{9}$/);
  fc.assert(
    fc.property(digits, fc.constantFrom(undefined, "CA", "GB"), (ten, country) => {
      const msisdn = `+1${ten}`;
      expect(readNumber(msisdn, country) ?? msisdn).toBe(msisdn);
      expect(readNumbers({ msisdn, phone: msisdn }, country)).toEqual({ msisdn, phone: msisdn });
    }),
    { numRuns: 1_000 },
  );
});
