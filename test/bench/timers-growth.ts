import { type EventOf, topics, wall } from "@crossline/contracts";
import { type CaseClocks, decide } from "@crossline/domain";
import { type Bench, type Curve, type Measurement, median } from "./frame.ts";
import { armedCase, clocksPerCase, createTimerDatabase, line, rep } from "./timers-cases.ts";
import { schemaBytes } from "./timers-reference-database.ts";
import { drainArmed } from "./timers-drain.ts";

const dueCount = 10_000;

/** The cost of the timer with a growing number of armed cases, and with a growing number of events per case. */
export const timersGrowth: Bench = {
  name: "timers-growth",
  title: "Growth of the timer's cost",
  about:
    "10,000 cases are due at once, beside a growing number of cases that are not due. The benchmark measures the firings of the due cases in one process, and the disk space of a clock. The benchmark also measures the time in which the core decides the next event of a case that has a growing number of events. The events of this case are heartbeats of a live handling, and sometimes the end and a new start of the handling. 10⁷ clocks are left out, because storing them takes longer than a run may take.",
  async run(scale, servers) {
    const sizes = scale === "quick" ? [10_000, 50_000] : [10_000, 100_000, 1_000_000];
    const lengths = [10, 100, 1_000, 10_000];
    const server = await servers.postgres();
    const grown: { armed: number; rate: number; bytes: number }[] = [];
    for (const armed of sizes) {
      const timers = await createTimerDatabase(server);
      try {
        await timers.arm(armed, () => Date.now() + 3_600_000);
        const bytes = (await schemaBytes(timers.database, "case_clock")) / armed / clocksPerCase;
        grown.push({ armed, bytes, rate: await drainArmed(timers, dueCount, "scanner", 1) });
      } finally {
        await timers.drop();
      }
    }
    const costs = lengths.map((length) => ({ length, micros: decideMicros(length) }));
    const [least, most] = [grown[0], grown.at(-1)];
    const [short, long] = [costs[0], costs.at(-1)];
    if (least === undefined || most === undefined || short === undefined || long === undefined)
      throw new Error("no size was measured");
    const against = (count: number) => count.toLocaleString("en");
    const figures: Measurement[] = [
      {
        name: `firings a second, ${against(most.armed)} armed`,
        figure: `${Math.round(most.rate).toLocaleString("en")}/s`,
        ratio: most.rate / least.rate,
        against: `${against(least.armed)} armed`,
        better: "higher",
      },
      {
        name: `bytes per clock, ${against(most.armed)} armed`,
        figure: `${most.bytes.toFixed(0)} B`,
        ratio: most.bytes / least.bytes,
        against: `${against(least.armed)} armed`,
        better: "lower",
      },
      {
        name: `an event of a case with ${against(long.length)} events before it`,
        figure: `${long.micros.toFixed(2)} µs`,
        ratio: long.micros / short.micros,
        against: `${short.length} events, ${short.micros.toFixed(2)} µs`,
        better: "lower",
      },
    ];
    return { figures, curves: curvesOf(grown, costs) };
  },
};

function curvesOf(
  grown: readonly { armed: number; rate: number }[],
  costs: readonly { length: number; micros: number }[],
): Curve[] {
  return [
    {
      name: "Firings a second by armed cases",
      x: { title: "armed cases", log: true },
      y: { title: "firings/s" },
      points: grown.map(({ armed, rate }) => ({ series: "one worker", x: armed, y: rate })),
    },
    {
      name: "Cost of an event by the events before it",
      x: { title: "events of the case", log: true },
      y: { title: "µs" },
      points: costs.map(({ length, micros }) => ({ series: "decide", x: length, y: micros })),
    },
  ];
}

/**
 * Returns the microseconds per event, for the last events of a history with `length` events. The value is the median of
 * nine tries.
 */
function decideMicros(length: number): number {
  const sample = Math.min(length, 200);
  const tries = Array.from({ length: 9 }, () => {
    let state = armedCase(7_200_000).state;
    for (let done = 0; done < length - sample; done++) state = beat(state, done);
    let micros = Infinity;
    for (let again = 0; again < 5; again++) {
      let current = state;
      const startedAt = performance.now();
      for (let done = length - sample; done < length; done++) current = beat(current, done);
      micros = Math.min(micros, ((performance.now() - startedAt) * 1000) / sample);
    }
    return micros;
  });
  return median(tries);
}

/**
 * Applies the next event, a second after the previous event. Every twentieth event ends the handling, and the following
 * event starts another.
 */
function beat(state: CaseClocks, done: number): CaseClocks {
  const time = (done + 1) * 1_000;
  const type = done % 20 === 19 ? "handling.ended" : "handling.continued";
  const data = { actor: rep, handlingId: "hd_00000000000000000000000000", channel: "phone" };
  const common = { key: state.caseId, topic: topics.case, timeline: wall, sequence: done + 3 };
  const event = { ...common, time, type, data } as unknown as EventOf<"handling.continued">;
  return decide(state, event, line, time).state;
}
