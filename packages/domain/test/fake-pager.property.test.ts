import { topics } from "@crossline/contracts";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { type PageSignal, pagePace } from "../src/index.ts";
import { nextMessageAt } from "../src/handoff/page-bundle.ts";
import { type FakeSignal, FakePager, type FakePage } from "./fake-pager.ts";

// Each property plays a hundred streams of a hundred pages, so it needs more than the default time.
vi.setConfig({ testTimeout: 60_000 });

const second = (most: number) => fc.integer({ min: 0, max: most }).map((seconds) => seconds * 1_000);
const addresses: Readonly<Record<string, readonly string[]>> = {
  "mailto:ada": ["p-ada"],
  "pager:ada": ["p-ada"],
  "mailto:ben": ["p-ben"],
  // Ada and Ben share this pager.
  "pager:team": ["p-ada", "p-ben"],
};
const reasons = ["step", "last-resort", "need-by", "reply", "emergency"] as const;

/**
 * Some pages arrive within 20 s, as if similar cases had stalled at the same time. Other pages arrive within 10 or 20 minutes.
 */
const arrival = fc.oneof(second(20), second(600), second(1_200));
const paged = fc.record({
  caseId: fc.integer({ min: 1, max: 40 }).map((nth) => `cs_${nth}`),
  target: fc.constantFrom(...Object.keys(addresses)),
  reason: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...reasons.slice(0, 4)) },
    fc.constant("emergency" as const),
  ),
  since: arrival,
});
const taken: Omit<PageSignal, "at"> = {
  name: "taken",
  value: "handoff.taken",
  topic: topics.handoff,
  sequence: 99_999,
};
const met: Omit<PageSignal, "at"> = { name: "need-by", value: "met", topic: topics.case, sequence: 99_999 };
const answered: Omit<PageSignal, "at"> = {
  name: "answered",
  value: "case.contacted",
  topic: topics.case,
  sequence: 99_999,
};
const signal = fc.record({
  caseId: fc.integer({ min: 1, max: 40 }).map((nth) => `cs_${nth}`),
  signal: fc.constantFrom(taken, met, answered),
  readAt: second(2_400),
});
const outage = fc.record({
  target: fc.constantFrom(...Object.keys(addresses)),
  from: second(1_200),
  lasts: second(900),
});
const stream = fc.record({
  pages: fc.array(paged, { maxLength: 160, size: "max" }),
  signals: fc.array(signal, { maxLength: 20 }),
  outages: fc.array(outage, { maxLength: 3 }),
});
type Stream = typeof stream extends fc.Arbitrary<infer One> ? One : never;

function play({ pages, signals, outages }: Stream) {
  const all = pages.map(({ reason, target, caseId, since }, id): FakePage => ({
    id,
    caseId,
    target,
    // The shared pager receives pages for Ada, for Ben or for both.
    people: target === "pager:team" && id % 3 > 0 ? [`p-${id % 3 === 1 ? "ada" : "ben"}`] : (addresses[target] ?? []),
    reason: { reason, sequence: id, at: since },
    since,
  }));
  const read = signals.map((one): FakeSignal => ({ ...one, signal: { ...one.signal, at: one.readAt } }));
  const isDown = (target: string, at: number) =>
    outages.some((one) => one.target === target && one.from <= at && at < one.from + one.lasts);
  return { all, pager: new FakePager(isDown).play(all, read), isOvertakenAt: overtakenAt(read) };
}

/** Returns true if a page is overtaken by the signals that notification has read up to an instant. The calculation is independent of the pager. */
function overtakenAt(signals: readonly FakeSignal[]) {
  return ({ caseId, reason, since }: FakePage, now: number): boolean => {
    const until = signals.filter((one) => one.caseId === caseId && one.readAt <= now);
    const has = (name: string, after: number) => until.some((one) => one.signal.name === name && one.readAt > after);
    switch (reason.reason) {
      case "step":
      case "last-resort":
        return has("taken", -Infinity);
      case "reply":
        return has("answered", since);
      default:
        return has("need-by", -Infinity);
    }
  };
}

function holds(check: (played: ReturnType<typeof play>) => void): void {
  fc.assert(
    fc.property(stream, (one) => check(play(one))),
    { numRuns: 100 },
  );
}

test("each page is in exactly one delivered message, or the pager records it as overtaken", () => {
  holds(({ all, pager }) => {
    const arrived = pager.attempts.filter(({ delivered }) => delivered).flatMap(({ pages }) => pages);
    expect(new Set(arrived).size).toBe(arrived.length);
    for (const page of all)
      expect([arrived.includes(page), pager.overtaken.has(page)].filter(Boolean), `page ${page.id}`).toEqual([true]);
  });
});

test("a message starts without overtaken pages, and is not sent if all its pages are overtaken later", () => {
  holds(({ pager, isOvertakenAt }) => {
    for (const { first, pages, at } of pager.attempts) {
      const overtaken = pages.filter((page) => isOvertakenAt(page, at)).length;
      expect(overtaken, `at ${at}`).toBeLessThanOrEqual(first ? 0 : pages.length - 1);
    }
    for (const [page, at] of pager.overtaken) expect(isOvertakenAt(page, at)).toBe(true);
  });
});

test("an emergency page is sent at once, in a message without other pages", () => {
  holds(({ all, pager, isOvertakenAt }) => {
    for (const page of all.filter(({ reason }) => reason.reason === "emergency")) {
      if (isOvertakenAt(page, page.since)) continue;
      const first = pager.attempts.find(({ pages }) => pages.includes(page));
      expect(first).toMatchObject({ at: page.since, pages: [page] });
    }
  });
});

test("a person gets at most four messages in ten minutes, counted over all own and shared addresses", () => {
  holds(({ pager }) => {
    for (const person of ["p-ada", "p-ben"]) {
      const isForPerson = (page: FakePage) => page.people.includes(person) && page.reason.reason !== "emergency";
      const times = pager.attempts.filter(({ first, pages }) => first && pages.some(isForPerson)).map(({ at }) => at);
      for (const from of times)
        expect(times.filter((at) => at >= from && at < from + pagePace.withinMs).length).toBeLessThanOrEqual(4);
    }
  });
});

test("the first page to an address is sent at once in its own message, and no page waits longer than the limits require", () => {
  holds(({ pager }) => {
    const fixings = pager.attempts.filter(({ first, pages }) => first && pages[0]?.reason.reason !== "emergency");
    for (const { at, target, pages } of fixings) {
      const before = pager.fixed.filter((one) => one.at < at || (one.at === at && one.target !== target));
      const mayGoFrom = (people: readonly string[], from: number) =>
        nextMessageAt(people, { target, before, pace: pagePace }, from);
      for (const { since, people } of pages)
        expect(since === at || mayGoFrom(people, at - 1) === at, `kept waiting at ${at}`).toBe(true);
      const hadToWait = pages.filter(({ since, people }) => mayGoFrom(people, since) > since);
      expect(pages.length === 1 || hadToWait.length > 0, `together at ${at}`).toBe(true);
    }
  });
});

test.each([
  [["pager:ada"], 4],
  // The two addresses get at most six messages: each gets one at first, one after a minute and one after ten minutes.
  [["mailto:ada", "pager:ada"], 6],
])(
  "for forty similar cases, a person with the addresses %j gets at most four messages in ten minutes, and %i messages in total",
  (targets, most) => {
    const times = fc.array(second(90), { minLength: 40, maxLength: 40 });
    const property = fc.property(times, (since) => {
      const one = (at: number, nth: number) =>
        targets.map((target) => ({ caseId: `cs_${nth}`, target, reason: "step" as const, since: at }));
      const { pager, all } = play({ pages: since.flatMap(one), signals: [], outages: [] });
      const until = Math.min(...since) + pagePace.withinMs;
      expect(pager.fixed.filter(({ at }) => at < until).length).toBeLessThanOrEqual(4);
      expect(pager.fixed.length).toBeLessThanOrEqual(most);
      expect(pager.attempts.flatMap(({ pages }) => pages)).toHaveLength(all.length);
    });
    fc.assert(property, { numRuns: 30 });
  },
);
