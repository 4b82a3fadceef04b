import { connect } from "@crossline/postgres";
import { type Bench, interleave, median, quantile, ratioOf } from "./frame.ts";
import { cpuSeconds, residentMebibytes } from "./load/cpu.ts";
import { type Contestant, type IntakeAlone, startIntakeAlone } from "./load/intake-alone.ts";
import { runLoad } from "./load/run-load.ts";

const connections = 64;
/**
 * The duration of a disk flush in the second half of the benchmark. A flush of an SSD or a cloud volume takes about
 * this time.
 */
const slowFlushMs = 2;

/**
 * The time in which Node compiles the code. In the first seconds a request of intake costs twice as much as later, and
 * a request of the reference costs a fifth more.
 */
const warmUpSeconds = 8;

type Round = {
  readonly perSecond: number;
  readonly p99: number;
  /** Microseconds of CPU for a request, of the process and of the server. */
  readonly own: number;
  readonly server: number;
};

/** The speed of opening cases, compared with bare Fastify and one INSERT. */
export const intake: Bench = {
  name: "intake",
  title: "Opening cases, compared with bare Fastify and one INSERT",
  about:
    "The load generator is a separate process with 64 connections. Each connection sends its next request after the previous response. Another process runs intake with all its work: API key, zod, log, metrics, idempotency key, case, event, outbox, stored response and admission. Intake's relay sends to a real Kafka meanwhile. Timer, routing and notification do not run. The reference is Fastify without a schema, with a pool of 10 and one prepared INSERT of the body. Intake and the reference respond when their commit is on the disk of the same PostgreSQL.",
  async run(scale, servers) {
    const at = await startIntakeAlone(servers);
    const admin = connect({ url: at.databaseUrl, schema: "public", applicationName: "bench", poolMax: 1 });
    try {
      const idle = { intake: residentMebibytes(at.intake.pid), bare: residentMebibytes(at.bare.pid) };
      const [rounds, seconds] = scale === "quick" ? [2, 2] : [5, 8];
      for (const who of [at.bare, at.intake]) await load(at, who, warmUpSeconds);
      const asIs = await contest(at, rounds, seconds);
      await admin.query({ text: `alter system set commit_delay = ${slowFlushMs * 1000}` });
      await admin.query({ text: "alter system set commit_siblings = 0" });
      await admin.query({ text: "select pg_reload_conf()" });
      const slow = await contest(at, rounds, seconds);
      return {
        figures: [
          ...figuresOf("this disk", asIs),
          ...figuresOf(`a disk that flushes in ${slowFlushMs} ms`, slow),
          {
            name: "intake, CPU of a request",
            figure: `${median(asIs.intake.map(({ own }) => own)).toFixed(0)} µs and ${median(asIs.intake.map(({ server }) => server)).toFixed(0)} µs of PostgreSQL's`,
            ratio: perCore(asIs.bare) / perCore(asIs.intake),
            against: "the reference's",
            better: "lower",
          },
          {
            name: "intake, requests a second and core (its own and PostgreSQL's)",
            figure: `${perCore(asIs.intake).toFixed(0)}/s`,
            ratio: perCore(asIs.intake) / perCore(asIs.bare),
            against: "the reference",
            better: "higher",
          },
          {
            name: "intake, memory when idle",
            figure: `${idle.intake} MiB`,
            ratio: idle.intake / idle.bare,
            against: `the reference, ${idle.bare} MiB`,
            better: "lower",
          },
        ],
        remarks: [
          `For a flush of ${slowFlushMs} ms, PostgreSQL has a commit_delay of ${slowFlushMs} ms and commit_siblings 0. With these settings, each flush starts ${slowFlushMs} ms later. In intake and in the reference, all other commits wait for this flush.`,
        ],
      };
    } finally {
      await admin.query({ text: "alter system reset commit_delay" });
      await admin.query({ text: "alter system reset commit_siblings" });
      await admin.query({ text: "select pg_reload_conf()" });
      await admin.close();
      await at.stop();
    }
  },
};

type Contest = { readonly intake: readonly Round[]; readonly bare: readonly Round[] };

async function contest(at: IntakeAlone, rounds: number, seconds: number): Promise<Contest> {
  const results = { intake: [] as Round[], bare: [] as Round[] };
  const take = (name: keyof Contest) => async (): Promise<number> => {
    const round = await load(at, at[name], seconds);
    results[name].push(round);
    return round.perSecond;
  };
  await interleave(rounds, { bare: take("bare"), intake: take("intake") });
  return results;
}

async function load(at: IntakeAlone, who: Contestant, seconds: number): Promise<Round> {
  const before = { own: cpuSeconds(who.pid), server: cpuSeconds(at.postgresPid) };
  const { delays, statuses, seconds: took } = await runLoad({ url: who.url, key: who.key, connections, seconds });
  const accepted = delays[201] ?? new Float64Array();
  if (Object.keys(statuses).some((status) => status !== "201")) {
    throw new Error(`responses other than 201: ${JSON.stringify(statuses)}`);
  }
  const each = (since: number, now: number) => ((now - since) * 1e6) / accepted.length;
  return {
    perSecond: accepted.length / took,
    p99: quantile([...accepted], 0.99),
    own: each(before.own, cpuSeconds(who.pid)),
    server: each(before.server, cpuSeconds(at.postgresPid)),
  };
}

function figuresOf(disk: string, { intake: product, bare: peer }: Contest) {
  const of = (rounds: readonly Round[], pick: "perSecond" | "p99") => rounds.map((round) => round[pick]);
  const rates = [of(product, "perSecond"), of(peer, "perSecond")] as const;
  const tails = [of(product, "p99"), of(peer, "p99")] as const;
  return [
    {
      name: `intake, requests a second, ${disk}`,
      figure: `${median(rates[0]).toFixed(0)}/s`,
      ...ratioOf(...rates),
      against: `bare Fastify and one INSERT, ${median(rates[1]).toFixed(0)}/s`,
      must: { atLeast: 1.2 },
      aim: { atLeast: 1.8 },
    },
    {
      name: `intake, p99, ${disk}`,
      figure: `${median(tails[0]).toFixed(1)} ms`,
      ...ratioOf(...tails),
      against: `bare Fastify and one INSERT, ${median(tails[1]).toFixed(1)} ms`,
      must: { atMost: 1 },
      aim: { atMost: 0.6 },
    },
  ];
}

/** Returns the requests per second on one core, for the process and PostgreSQL together. */
function perCore(rounds: readonly Round[]): number {
  return 1e6 / median(rounds.map(({ own, server }) => own + server));
}
