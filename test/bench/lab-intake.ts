import { startIntakeAlone } from "/work/wt/intake/test/bench/load/intake-alone.ts";
import { runLoad } from "/work/wt/intake/test/bench/load/run-load.ts";
import { cpuSeconds, residentMebibytes } from "/work/wt/intake/test/bench/load/cpu.ts";
import { createParts } from "/work/wt/intake/test/bench/parts.ts";
import { createRequire } from "node:module";
const pg = createRequire("/work/wt/intake/test/package.json")("pg");
const seconds = Number(process.argv[2] ?? 3), rounds = Number(process.argv[3] ?? 3);
const flags = process.argv.slice(4).filter(f => f.startsWith("--"));
const only = process.argv.includes("intake");
const q = (s: Float64Array, of: number) => s.toSorted()[Math.floor(s.length * of)] ?? NaN;
const parts = createParts(14000, () => {});
const at = await startIntakeAlone(parts, { flags });
const c = new pg.Client({ connectionString: at.databaseUrl }); await c.connect();
await c.query("create extension if not exists pg_stat_statements");
console.log("idle MiB", residentMebibytes(at.intake.pid), residentMebibytes(at.bare.pid));
const res: Record<string, number[]> = { bare: [], intake: [] }, p99s: Record<string, number[]> = { bare: [], intake: [] };
try {
  for (let round = 0; round < rounds; round++) for (const [name, who] of [["bare", at.bare], ["intake", at.intake]] as const) {
    if (only && name === "bare") continue;
    await c.query("checkpoint");
    await c.query("select pg_stat_statements_reset()");
    const before = cpuSeconds(who.pid), pb = cpuSeconds(at.postgresPid);
    const r = await runLoad({ url: who.url, key: who.key, connections: 64, seconds: round === 0 ? 2 : seconds });
    const d = r.delays[201] ?? new Float64Array();
    if (round > 0) { res[name]!.push(d.length / r.seconds); p99s[name]!.push(q(d, .99)); }
    console.log(name, (d.length / r.seconds).toFixed(0), "/s p50", q(d, .5).toFixed(1), "p99", q(d, .99).toFixed(1), "cpu", ((cpuSeconds(who.pid) - before) / r.seconds).toFixed(2), "pg", ((cpuSeconds(at.postgresPid) - pb) / r.seconds).toFixed(2), JSON.stringify(r.statuses), "us/req", ((cpuSeconds(who.pid) - before) / d.length * 1e6).toFixed(0), "pg us/req", ((cpuSeconds(at.postgresPid) - pb) / d.length * 1e6).toFixed(0));
    if (round === rounds - 1 && name === "intake") for (const s of (await c.query("select left(regexp_replace(query, '\\s+', ' ', 'g'), 60) q, calls, round(total_exec_time::numeric,0) ms, round(total_plan_time::numeric,0) plan, round((total_exec_time/calls)::numeric,3) mean, rows from pg_stat_statements order by total_exec_time desc limit 16")).rows) console.log(Object.values(s).join(" | "));
    await new Promise((r) => setTimeout(r, 1000));
  }
  const med = (a: number[]) => a.toSorted((x, y) => x - y)[Math.floor(a.length / 2)] ?? NaN;
  console.log("RATIO", (med(res["intake"]!) / med(res["bare"]!)).toFixed(2), "p99", (med(p99s["intake"]!) / med(p99s["bare"]!)).toFixed(2));
} finally { await c.end(); await at.stop(); await parts.close(); }
process.exit(0);
