import { type Database, connect } from "@crossline/postgres";
import { type Bench, median, quantile, ratioOf } from "./frame.ts";
import { type TimerDatabase, createTimerDatabase } from "./timers-cases.ts";
import { gather, pause, startTimerProcess } from "./timers-processes.ts";

const firesPerSecond = 1_300;
const rearmsPerSecond = 15_000;
/** Each process has half of the partitions, because about 11,000 signs of life per second fully occupy one thread. */
const processes = 2;
/**
 * The maximum time for storing the due cases and reading the first deadlines. A full run also stores a million cases
 * that are not due.
 */
const leadMs = { full: 15_000, quick: 6_000 };

/**
 * The lateness of firings while many other clocks restart. In the second part, a snapshot of another connection also
 * keeps PostgreSQL from removing dead rows.
 */
export const timersRearm: Bench = {
  name: "timers-rearm",
  title: "Lateness under restarts of clocks, and under a foreign snapshot",
  about:
    "Two processes together read 15,000 signs of life a second. Each sign of life restarts a clock of a random armed case. In the same time, 1,300 cases a second that receive no signs of life become due. The lateness is the time from the due instant to the commit of the firing. In the second part, an older transaction of a foreign connection holds its snapshot, so PostgreSQL cannot remove dead rows. A quick run has 100,000 armed cases and 5,000 signs of life a second.",
  async run(scale, servers) {
    const [armed, seconds, rounds] = scale === "quick" ? [100_000, 3, 1] : [1_000_000, 10, 2];
    const rate = scale === "quick" ? 5_000 : rearmsPerSecond;
    const timers = await createTimerDatabase(await servers.postgres());
    const foreign = connect({ url: timers.url, schema: "public", applicationName: "bench-foreign", poolMax: 1 });
    try {
      servers.note(`arming ${armed} cases`);
      await timers.arm(armed, () => Date.now() + 3_600_000);
      const plain: number[] = [];
      const held: number[] = [];
      const left: number[] = [];
      for (let round = 0; round < rounds; round++) {
        plain.push(await phase(timers, { rate, seconds, leadMs: leadMs[scale] }, left));
        held.push(await underSnapshot(foreign, () => phase(timers, { rate, seconds, leadMs: leadMs[scale] }, left)));
      }
      const [value, valueHeld] = [median(plain), median(held)];
      const name = `p99 lateness, ${armed / 1000} k armed, ${rate / 1000} k re-arms/s, 1.3 k fires/s`;
      const against = `without it, ${value} ms`;
      return {
        figures: [
          {
            name,
            figure: `${value} ms`,
            ratio: value / 100,
            against: "100 ms",
            value,
            must: { atMost: 100 },
            aim: { atMost: 30 },
          },
          {
            name: `the same under a foreign snapshot`,
            figure: `${valueHeld} ms`,
            ...ratioOf(held, plain),
            against,
            must: { atMost: 2 },
            aim: { atMost: 1.2 },
          },
        ],
        remarks: [`At the end of a phase, at most ${Math.max(...left)} signs of life were unread.`],
      };
    } finally {
      await foreign.close();
      await timers.drop();
    }
  },
};

async function underSnapshot(foreign: Database, work: () => Promise<number>): Promise<number> {
  return foreign.transaction(async (tx) => {
    // A transaction in repeatable read keeps the snapshot of its first statement until it ends.
    await tx.query({ text: "set transaction isolation level repeatable read" });
    await tx.query({ text: "set local idle_in_transaction_session_timeout = 0" });
    await tx.query({ text: "select count(*) from pg_class" });
    return work();
  });
}

/** Returns the p99 in milliseconds. */
async function phase(
  timers: TimerDatabase,
  { rate, seconds, leadMs: ahead }: { readonly rate: number; readonly seconds: number; readonly leadMs: number },
  left: number[],
): Promise<number> {
  const count = firesPerSecond * seconds;
  const startAt = Date.now() + ahead;
  await timers.arm(count, (index) => Math.round(startAt + (index * 1000) / firesPerSecond));
  const members = Array.from({ length: processes }, (_, member) => member);
  const rearmsEach = rate / processes;
  const workers = await Promise.all(
    members.map((member) =>
      startTimerProcess({ url: timers.url, role: "scanner", member, members: processes, rearmsPerSecond: rearmsEach }),
    ),
  );
  try {
    await Promise.all(workers.map((worker) => worker.go()));
    if (Date.now() > startAt)
      throw new Error("the machine is too slow: the first case was due before all cases were stored");
    await pause(startAt + 1_000 - Date.now());
    // The first second is not counted, because Node still compiles the code.
    await Promise.all(workers.map((worker) => worker.ask()));
    const { lateness, waiting } = await gather(workers, { until: startAt + seconds * 1000 });
    left.push(waiting);
    return quantile(lateness, 0.99);
  } finally {
    await Promise.all(workers.map((worker) => worker.kill()));
  }
}
