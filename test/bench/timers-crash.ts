import { connect } from "@crossline/postgres";
import { privatePostgres } from "@crossline/testing";
import { type Bench, type Measurement, median } from "./frame.ts";
import { type TimerDatabase, createTimerDatabase } from "./timers-cases.ts";
import { type Contestant, gather, pause, startTimerProcess } from "./timers-processes.ts";

const perSecond = 500;
const beforeMs = 2_000;
const afterMs = 4_000;

/** The lateness of firings that were due during a crash, without the time of the restart itself. */
export const timersCrash: Bench = {
  name: "timers-crash",
  title: "Lateness after a crash",
  about:
    "500 clocks a second become due. PostgreSQL is killed and restarted; the restart lasts from the kill until PostgreSQL accepts a new connection. Then the worker is killed and another worker is started; this restart lasts until the new worker begins. The result is the worst time from the due instant to the commit of the firing, minus the restart. The broker stays reachable, and the new worker owns its partitions at once. The benchmark `takeover` measures the time that a group needs.",
  async run(scale) {
    const rounds = scale === "quick" ? 1 : 3;
    const postgres = await privatePostgres({ durable: true });
    const beyond = { PostgreSQL: [] as number[], "the worker": [] as number[] };
    const restarts = { PostgreSQL: [] as number[], "the worker": [] as number[] };
    const take = (name: keyof typeof beyond, { restartMs, worstMs }: Crash) => {
      beyond[name].push(worstMs - restartMs);
      restarts[name].push(restartMs);
    };
    try {
      for (let round = 0; round < rounds; round++) {
        take("PostgreSQL", await crash(postgres.url, (timers, worker) => restartPostgres(postgres, timers, worker)));
        take("the worker", await crash(postgres.url, restartWorker));
      }
    } finally {
      await postgres.remove();
    }
    const line = (name: keyof typeof beyond): Measurement => {
      const [value, restart] = [median(beyond[name]), median(restarts[name])];
      return {
        name: `worst lateness after a crash of ${name}`,
        figure: `restart + ${value.toFixed(0)} ms`,
        ratio: (restart + value) / restart,
        against: `the restart, ${restart.toFixed(0)} ms`,
        value,
        must: { atMost: 1_000 },
        aim: { atMost: 300 },
      };
    };
    return { figures: [line("PostgreSQL"), line("the worker")] };
  },
};

type Crash = { readonly restartMs: number; readonly worstMs: number };
type Restart = (timers: TimerDatabase, worker: Contestant) => Promise<Contestant>;

async function crash(server: string, restart: Restart): Promise<Crash> {
  const timers = await createTimerDatabase(server);
  const first = await startTimerProcess({ url: timers.url, role: "scanner" });
  let worker = first;
  try {
    const startAt = Date.now() + 3_000;
    const count = (perSecond * (beforeMs + afterMs)) / 1000;
    await timers.arm(count, (index) => Math.round(startAt + (index * 1000) / perSecond));
    await worker.go();
    await pause(startAt + beforeMs - Date.now());
    await worker.ask(); // Firings before the crash do not count.
    const killedAt = performance.now();
    worker = await restart(timers, first);
    const restartMs = performance.now() - killedAt;
    const { lateness } = await gather([worker], { until: startAt + beforeMs + afterMs + 1_000 });
    return { restartMs, worstMs: Math.max(...lateness) };
  } finally {
    await worker.kill();
    await timers.drop();
  }
}

async function restartPostgres(
  postgres: Awaited<ReturnType<typeof privatePostgres>>,
  timers: TimerDatabase,
  worker: Contestant,
): Promise<Contestant> {
  await postgres.kill();
  await postgres.start();
  const fresh = connect({ url: timers.url, schema: "timer", applicationName: "bench-probe", poolMax: 1 });
  await fresh.query({ text: "select 1" });
  await fresh.close();
  return worker;
}

async function restartWorker(timers: TimerDatabase, worker: Contestant): Promise<Contestant> {
  await worker.kill();
  const next = await startTimerProcess({ url: timers.url, role: "scanner" });
  await next.go();
  return next;
}
