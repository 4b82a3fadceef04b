import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  areDifferentDevices,
  commandCase,
  deviceIdentities,
  hashIdentity,
  identitiesOf,
  isDeviceIdentity,
  isRefused,
  sharedIdentities,
} from "../../src/index.ts";
import { identityFaults } from "../../src/dossier/identity.ts";
import { at } from "../given.ts";
import { entry, openedCase, rep } from "./given.ts";

describe("an identifier is stored in one form, whichever notation was sent", () => {
  test.each([
    [{ imei: "490154203237518" }, "imei:49015420323751"],
    [{ imei: "49-015420-323751-8" }, "imei:49015420323751"],
    [{ imei: "49015420323751" }, "imei:49015420323751"],
    [{ esn: "80 12 34 ab" }, "esn:801234AB"],
    [{ esn: "128.01193643" }, "esn:801236AB"],
    [{ esn: "a10000009296f2" }, "esn:A10000009296F2"],
    [{ esn: "270113177609606898" }, "esn:A10000009296F2"],
    [{ iccid: "8901 4103 2111 1851 0720" }, "iccid:89014103211118510720"],
    [{ msisdn: "+1 (416) 555-0120" }, "msisdn:14165550120"],
    [{ msisdn: "0014165550120" }, "msisdn:14165550120"],
    [{ customerId: " C-1 " }, "customer:C-1"],
    [{ customerId: "Mu\u0308ller" }, "customer:M\u00fcller"],
    [{ email: "Ann.B@Example.COM" }, "mail:ann.b@example.com"],
    [{ email: "ann+tag@example.com" }, "mail:ann+tag@example.com"],
    [{ email: "ann@B\u00dcCHER.example" }, "mail:ann@xn--bcher-kva.example"],
    [{ email: "U\u0308@example.com" }, "mail:\u00fc@example.com"],
  ])("%j", (subject, identity) => {
    expect(identityFaults(subject)).toEqual([]);
    expect(identitiesOf(subject)).toEqual([identity]);
  });
});

test.each([
  ["imei", "490154203237519"],
  ["imei", "4901542032375"],
  ["imei", "49015420323751x"],
  ["imei", ""],
  ["esn", "80123"],
  ["esn", "8012345z"],
  ["iccid", "89014103211118510721"],
  ["iccid", "12014103211118510720"],
  ["msisdn", "555"],
  ["msisdn", "call me"],
  ["email", ""],
  ["email", "ann"],
  ["email", "ann@"],
  ["email", "@example.com"],
  ["email", "a@b@example.com"],
  ["email", "Ann <ann@example.com>"],
  ["email", "ann@example.com/x"],
] as const)("an impossible %s is refused: %s", (field, value) => {
  expect(identityFaults({ [field]: value }).map((fault) => fault.field)).toEqual([field]);
});

test("the check finds one wrong digit of an IMEI, and two swapped adjacent digits except 0 and 9", () => {
  const imei = fc.stringMatching(/^\d{14}$/).map((digits) => `${digits}${checkDigit(digits)}`);
  fc.assert(
    fc.property(imei, fc.nat(14), fc.integer({ min: 1, max: 9 }), (good, place, by) => {
      expect(identityFaults({ imei: good })).toEqual([]);
      const wrong = `${good.slice(0, place)}${(Number(good[place]) + by) % 10}${good.slice(place + 1)}`;
      expect(identityFaults({ imei: wrong })).toHaveLength(1);
      const [a, b] = [good[place] ?? "", good[place + 1] ?? ""];
      fc.pre(b !== "" && a !== b && !["09", "90"].includes(a + b));
      const swapped = `${good.slice(0, place)}${b}${a}${good.slice(place + 2)}`;
      expect(identityFaults({ imei: swapped })).toHaveLength(1);
    }),
  );
});

/**
 * Returns the Luhn check digit. The function does not use the domain's calculation. If a doubled digit becomes a number of two digits, the
 * function adds both digits.
 */
function checkDigit(digits: string): number {
  const parts = digits.split("").map((digit, index) => (index % 2 === 1 ? String(Number(digit) * 2) : digit));
  const sum = parts
    .join("")
    .split("")
    .reduce((all, digit) => all + Number(digit), 0);
  return (10 - (sum % 10)) % 10;
}

test("a customer's id and mail address identify no device, and all companies store an address in the same form", () => {
  const subject = { customerId: "C-1", name: "B. Customer", email: "b@example.com", imei: "490154203237518" };
  expect(deviceIdentities(subject)).toEqual(["imei:49015420323751"]);
  expect(sharedIdentities(subject)).toEqual(["imei:49015420323751", "mail:b@example.com"]);
  expect(identitiesOf(subject).map(isDeviceIdentity)).toEqual([true, false, false]);
});

test("two IMEIs of one customer are two devices, and a missing IMEI matches any device", () => {
  const imei = "490154203237518";
  const msisdn = "+14165550120";
  expect(areDifferentDevices({ imei, msisdn }, { imei: "356938035643809", msisdn })).toBe(true);
  expect(areDifferentDevices({ imei }, { imei: "49-015420-323751-8" })).toBe(false);
  expect(areDifferentDevices({ imei, msisdn }, { msisdn })).toBe(false);
  expect(areDifferentDevices({}, {})).toBe(false);
});

test("the hash of an identity does not show the identity", () => {
  const hash = hashIdentity("imei:49015420323751");
  expect(hash).toMatch(/^[-\w]{22}$/);
  expect(hash).not.toContain("49015420323751");
});

test("a contact or an entry with an impossible identity is refused, and the refusal names the field", () => {
  const subject = { imei: "490154203237519" };
  const contact = {
    type: "contact",
    contactId: "ct_1",
    channel: "phone",
    direction: "inbound",
    content: "inquiry",
    subject,
  } as const;
  for (const command of [contact, entry({ text: "a", subject })]) {
    const outcome = commandCase(openedCase(), command, rep, at("09:10"));
    expect(isRefused(outcome) && outcome.refused).toMatchObject({
      code: "invalid_request",
      fields: [{ at: "/subject/imei" }],
    });
  }
});
