import { expect, test } from "vitest";
import { readClaims } from "../../src/index.ts";

const rules = { personClaim: "employee", rolesClaim: "groups", extraScopes: [] };
const mapped = { ...rules, roleMap: { desk: "rep", leads: "lead", vendors: "desk-lead" } } as const;

test.each([
  ["a list of roles", { employee: "rep-7", groups: ["rep", "staff", 7] }, rules, ["rep"]],
  ["one role as a text", { employee: "rep-7", groups: "lead" }, rules, ["lead"]],
  ["mapped values", { employee: "rep-7", groups: ["leads", "desk", "rep"] }, mapped, ["rep", "lead"]],
  ["a value twice", { employee: "rep-7", groups: ["desk", "desk"] }, mapped, ["rep"]],
])("%s gives the roles that fit", (_name, claims, given, roles) => {
  expect(readClaims(claims, given, "carrier")).toEqual({ person: "rep-7", roles });
});

test.each([
  ["no person", { groups: ["rep"] }, /"employee"/],
  ["a person that is no text", { employee: 7, groups: ["rep"] }, /"employee"/],
  ["a person that is too long", { employee: "x".repeat(65), groups: ["rep"] }, /"employee"/],
  ["no roles", { employee: "rep-7" }, /"groups" is missing/],
  ["only roles of a vendor", { employee: "rep-7", groups: ["desk-lead"] }, /no role that fits a carrier/],
  ["an empty list", { employee: "rep-7", groups: [] }, /"groups"/],
])("%s is refused without the values of the claims", (_name, claims, detail) => {
  const refused = readClaims(claims, rules, "carrier");
  expect(refused).toMatchObject({ code: "forbidden", detail: expect.stringMatching(detail) });
  expect(JSON.stringify(refused)).not.toMatch(/rep-7|xxx/);
});

test("with a map, the name of a role is no role, and no inherited name is a value", () => {
  const claims = { employee: "rep-7", groups: ["lead", "constructor", "__proto__"] };
  expect(readClaims(claims, mapped, "carrier")).toMatchObject({ code: "forbidden" });
  expect(readClaims({ groups: ["rep"] }, { ...rules, personClaim: "toString" }, "carrier")).toMatchObject({
    code: "forbidden",
  });
});
