import { connect } from "@crossline/postgres";
import { type Measurement, median, quantile, ratioOf } from "./frame.ts";
import { cpuSeconds, parentOf, serverCpuSeconds } from "./processes.ts";
import { createTimerDatabase } from "./timers-cases.ts";
import { createReferenceDatabase } from "./timers-reference-database.ts";
import { type Contestant, pause, startReferenceProcess, startTimerProcess } from "./timers-processes.ts";

const rates = [100, 1_000, 5_000] as const;
/** Firings in this time are not counted, because Node still compiles the contestant's code. */
const warm = { perSecond: 1_000, seconds: 1.5 };
/**
 * At the start of each rate, firings in this time are not counted, because the contestant still fires cases of the
 * previous rate.
 */
const settleMs = 500;

/**
 * The cost of one contestant at one rate. `each` is the milliseconds of CPU per firing, of the process and the server
 * together. `p99` is the lateness in milliseconds.
 */
type Cost = { readonly each: number; readonly p99: number };
type Costs = ReadonlyMap<number, Cost>;

/**
 * Measures the cost of a firing at a low, a usual and a high rate, compared with graphile-worker, which polls every 10
 * ms.
 */
export async function firingCosts(server: string, seconds: number, rounds: number): Promise<Measurement[]> {
  const own: Costs[] = [];
  const reference: Costs[] = [];
  for (let round = 0; round < rounds; round++) {
    own.push(await costsOfTimer(server, seconds));
    reference.push(await costsOfReference(server, seconds));
  }
  return rates.map((rate): Measurement => {
    const [ours, theirs] = [own, reference].map((all) => all.flatMap((costs) => costs.get(rate) ?? []));
    const each = (costs: readonly Cost[] = []) => costs.map((cost) => cost.each);
    const late = (costs: readonly Cost[] = []) => `p99 ${median(costs.map(({ p99 }) => p99))} ms`;
    return {
      name: `processor time of a firing, ${rate.toLocaleString("en")}/s`,
      figure: `${median(each(ours)).toFixed(3)} ms, ${late(ours)}`,
      ...ratioOf(each(ours), each(theirs)),
      against: `graphile-worker, ${median(each(theirs)).toFixed(3)} ms, ${late(theirs)}`,
      value: median(each(ours)),
      better: "lower",
      ...(rate === 1_000 && { aim: { atMost: 0.15 } }),
    };
  });
}

async function costsOfTimer(server: string, seconds: number): Promise<Costs> {
  const timers = await createTimerDatabase(server);
  const worker = await startTimerProcess({ url: timers.url, role: "timer" });
  return measure(worker, timers, seconds);
}

async function costsOfReference(server: string, seconds: number): Promise<Costs> {
  const jobs = await createReferenceDatabase(server, "graphile-worker");
  const worker = await startReferenceProcess({ url: jobs.url, program: "graphile-worker", tuned: "fast" });
  return measure(worker, jobs, seconds);
}

type Store = Pick<Awaited<ReturnType<typeof createTimerDatabase>>, "url" | "arm" | "drop">;

/** Stores all cases before the first is due, then measures one rate after the other. */
async function measure(worker: Contestant, store: Store, seconds: number): Promise<Costs> {
  const phases = [warm, ...rates.map((perSecond) => ({ perSecond, seconds }))];
  const dueAfter = phases.flatMap(({ perSecond }, phase) => {
    const before = phases.slice(0, phase).reduce((sum, one) => sum + one.seconds * 1000, 0);
    const count = Math.round(perSecond * (phases[phase]?.seconds ?? 0));
    return Array.from({ length: count }, (_, index) => Math.round(before + (index * 1000) / perSecond));
  });
  try {
    const postmaster = await postmasterOf(store.url);
    const used = () => cpuSeconds(worker.pid) + serverCpuSeconds(postmaster);
    let at = Date.now() + 2_000 + dueAfter.length / 5;
    const startAt = at;
    await store.arm(dueAfter.length, (index) => startAt + (dueAfter[index] ?? 0));
    await worker.go();
    if (Date.now() > startAt)
      throw new Error("the machine is too slow: the first case was due before all cases were stored");
    at += warm.seconds * 1000;
    const costs = new Map<number, Cost>();
    for (const rate of rates) {
      await pause(at + settleMs - Date.now());
      await worker.ask();
      const before = used();
      at += seconds * 1000;
      await pause(at - Date.now());
      const spent = used() - before;
      const { fired, lateness } = await worker.ask();
      costs.set(rate, { each: (spent * 1000) / fired, p99: quantile(lateness, 0.99) });
    }
    return costs;
  } finally {
    await worker.kill();
    await store.drop();
  }
}

async function postmasterOf(url: string): Promise<number> {
  const probe = connect({ url, schema: "public", applicationName: "bench-probe", poolMax: 1 });
  const [row] = await probe.query<{ pid: number }>({ text: "select pg_backend_pid() as pid" });
  const postmaster = parentOf(row?.pid);
  await probe.close();
  return postmaster;
}
