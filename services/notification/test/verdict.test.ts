import { expect, test } from "vitest";
import { isPrivateAddress, namesPrivateAddress } from "@crossline/contracts";
import type { ClaimedDelivery } from "../src/store/claim.ts";
import type { AttemptResult } from "../src/delivery/send.ts";
import { giveUpMs, decideDelivery, circuitOpenMs, readRetryAfter } from "../src/delivery/verdict.ts";

const now = Date.parse("2026-03-07T14:00:00Z");
const policy = { subscription: [5_000, 30_000], lastResort: [2_000] };
const claimed = (tries: number, more: Partial<ClaimedDelivery> = {}) =>
  ({ subscriptionId: "sub_1", outboundMessageId: null, tries, giveUpAt: now + 60_000, ...more }) as ClaimedDelivery;
const answered = (status: number, retryAfter?: string): AttemptResult => ({
  status,
  durationMs: 1,
  ...(retryAfter !== undefined && { retryAfter }),
});
const timeout: AttemptResult = { error: "timeout", durationMs: 10_000 };

test.each([
  ["200 delivers", claimed(0), answered(200), { state: "delivered", receiver: "well" }],
  ["204 delivers at the last attempt", claimed(2), answered(204), { state: "delivered", receiver: "well" }],
  [
    "500 waits, and the receiver failed",
    claimed(0),
    answered(500),
    { state: "waiting", dueAt: now + 5_000, receiver: "failed" },
  ],
  [
    "a timeout has the same effect as 500",
    claimed(1),
    timeout,
    { state: "waiting", dueAt: now + 30_000, receiver: "failed" },
  ],
  ["429 waits, and the receiver failed", claimed(0), answered(429), { state: "waiting", receiver: "failed" }],
  [
    "an outbound message follows the schedule of subscriptions",
    claimed(1, { subscriptionId: null, outboundMessageId: "ms_1" }),
    timeout,
    { state: "waiting", dueAt: now + 30_000 },
  ],
  ["404 waits, and the receiver refused", claimed(0), answered(404), { state: "waiting", receiver: "refused" }],
  ["302 is not a success", claimed(0), answered(302), { state: "waiting", receiver: "refused" }],
  ["the attempt after the last wait is the last one", claimed(2), answered(500), { state: "abandoned" }],
  ["a delivery gets no retry after its time", claimed(0, { giveUpAt: now }), answered(500), { state: "abandoned" }],
  ["410 ends the subscription", claimed(0), answered(410), { state: "abandoned", gone: true }],
  [
    "410 of a last resort ends only the call",
    claimed(0, { subscriptionId: null }),
    answered(410),
    { state: "abandoned", gone: false },
  ],
  [
    "the last resort has a faster schedule",
    claimed(0, { subscriptionId: null }),
    timeout,
    { state: "waiting", dueAt: now + 2_000 },
  ],
  ["Retry-After is honoured", claimed(0), answered(503, "120"), { state: "waiting", dueAt: now + 120_000 }],
  ["Retry-After may be a date", claimed(0), answered(503, "Sat, 07 Mar 2026 14:01:00 GMT"), { dueAt: now + 60_000 }],
  ["Retry-After makes no wait shorter", claimed(0), answered(503, "1"), { dueAt: now + 5_000 }],
  ["Retry-After adds at most an hour", claimed(0), answered(503, "999999"), { dueAt: now + 3_600_000 }],
  [
    "Retry-After adds at most a minute for the last resort",
    claimed(0, { subscriptionId: null }),
    answered(503, "999"),
    { dueAt: now + 60_000 },
  ],
])("%s", (_name, delivery, sent, verdict) => {
  expect(decideDelivery(delivery, sent, { now, policy, random: 0.5 })).toMatchObject(verdict);
});

test("the wait before a retry varies by up to a fifth", () => {
  expect(decideDelivery(claimed(0), timeout, { now, policy, random: 0 }).dueAt).toBe(now + 4_000);
  expect(decideDelivery(claimed(0), timeout, { now, policy, random: 1 }).dueAt).toBe(now + 6_000);
});

test("an invalid Retry-After has no effect", () => {
  for (const header of [undefined, "", "soon", "-5", "Fri, 06 Mar 2026 14:00:00 GMT"]) {
    expect(readRetryAfter(header, now)).toBe(0);
  }
});

test("a circuit opens at the fifth consecutive failure, and each further failure doubles the open time up to a limit", () => {
  const after = (failures: number) => circuitOpenMs(failures, "subscription", policy);
  expect([1, 4, 5, 6, 7, 50].map(after)).toEqual([0, 0, 5_000, 10_000, 20_000, 300_000]);
  expect(circuitOpenMs(50, "lastResort", policy)).toBe(15_000);
});

test("a delivery has time for its whole schedule, even if all waits are long and all attempts time out", () => {
  expect(giveUpMs(policy.subscription, 10_000)).toBeGreaterThanOrEqual(35_000 * 1.2 + 3 * 10_000);
});

test.each(["8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2a00:1450:4001:81b::200e"])(
  "%s is a public address",
  (address) => expect(isPrivateAddress(address)).toBe(false),
);

test.each([
  "0.0.0.0",
  "255.255.255.255",
  "224.0.0.1",
  "192.0.2.1",
  "::",
  "::1",
  "::ffff:8.8.8.8",
  "ff02::1",
  "2001::1",
  "2001:db8::1",
])("%s is not a public address", (address) => expect(isPrivateAddress(address)).toBe(true));

test("notification checks the address of a host name at the attempt, not earlier", () => {
  expect(namesPrivateAddress(new URL("https://localhost.example.com/"))).toBe(false);
  expect(namesPrivateAddress(new URL("https://LOCALHOST/"))).toBe(true);
});
