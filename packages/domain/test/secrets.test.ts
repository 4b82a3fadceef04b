import { renewSecret, type Secrets, signingSecrets } from "@crossline/domain";
import { expect, test } from "vitest";

const day = 86_400_000;
const fresh: Secrets = { secret: "one", former: null };

test("after a renewal both secrets sign, first the new secret, until the former secret expires", () => {
  const renewed = renewSecret(fresh, "two", 0, day) as Secrets;
  expect(signingSecrets(fresh, 0)).toEqual(["one"]);
  expect(signingSecrets(renewed, 0)).toEqual(["two", "one"]);
  expect(signingSecrets(renewed, day - 1)).toEqual(["two", "one"]);
  expect(signingSecrets(renewed, day)).toEqual(["two"]);
});

test("a third secret is refused while two secrets are valid, and can be created after the former secret expires", () => {
  const renewed = renewSecret(fresh, "two", 0, day) as Secrets;
  expect(renewSecret(renewed, "three", day - 1, day)).toMatchObject({
    code: "limit_reached",
    facts: { formerSecretUntil: "1970-01-02T00:00:00Z" },
  });
  expect(renewSecret(renewed, "three", day, day)).toEqual({
    secret: "three",
    former: { secret: "two", until: 2 * day },
  });
});

test("if the renewal gives no time for the former secret, only the new secret signs from then on", () => {
  expect(renewSecret(fresh, "two", 0, 0)).toEqual({ secret: "two", former: null });
});
