import { type AssertedHolder, assertionLastsMs } from "@crossline/access";
import { afterEach, expect, test, vi } from "vitest";
import { createOperatorAssertions } from "../src/services/operator-key.ts";

afterEach(() => void vi.useRealTimers());

test("one assertion serves many requests, a new one has the same seal, and another key has another seal", async () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  const signed: AssertedHolder[] = [];
  const sign = createOperatorAssertions(async (holder) => `assertion ${signed.push(holder)}`);
  const caller = { party: "operator", kind: "operator", keyId: "key_operator" } as const;
  const ask = async (key: string) => (await sign(key, caller)).assertion;
  expect([await ask("one key"), await ask("one key")]).toEqual(["assertion 1", "assertion 1"]);
  vi.advanceTimersByTime(assertionLastsMs / 2);
  expect(await ask("one key")).toBe("assertion 2");
  expect(await ask("another key")).toBe("assertion 3");
  const seals = signed.map((holder) => holder.session?.seal ?? ("seal" in holder ? holder.seal : ""));
  expect(seals[1]).toBe(seals[0]);
  expect(new Set(seals).size).toBe(2);
  expect(JSON.stringify(signed)).not.toMatch(/one key|another key/);
});
