import { readFileSync, readdirSync } from "node:fs";
import { startPlatform } from "@crossline/local";
import { connect } from "../../packages/postgres/src/index.ts";
import { cpuSeconds } from "./processes.ts";
import { measureStalls } from "./stall-load.ts";
const [rate = 1000, cases = 5000, opened = 500, live = ""] = process.argv.slice(2);
const platform = await startPlatform({ broker: "kafka", firstPort: 14500, say: (l) => process.stderr.write(`» ${l}\n`) });
const q = (s: readonly number[], of: number) => s.toSorted((a, b) => a - b)[Math.floor(s.length * of)];
function all(): Map<string, number> {
  const m = new Map<string, number>();
  for (const { name, pid } of platform.services()) m.set(name, cpuSeconds(pid));
  m.set("bench", cpuSeconds(process.pid));
  for (const pid of readdirSync("/proc").filter((p) => /^\d+$/.test(p))) {
    try {
      const cmd = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
      if (cmd.startsWith("postgres") || cmd.includes("bin/postgres")) {
        const k = "pg " + (/crossline\S* |timer|routing|intake|notification/.exec(cmd)?.[0] ?? "other");
        m.set(k, (m.get(k) ?? 0) + cpuSeconds(Number(pid)));
        m.set("postgres", (m.get("postgres") ?? 0) + cpuSeconds(Number(pid)));
      } else if (cmd.includes("kafka.Kafka")) m.set("kafka", (m.get("kafka") ?? 0) + cpuSeconds(Number(pid)));
    } catch {}
  }
  return m;
}
const db = connect({ url: platform.settings.databaseUrls.timer, schema: "timer", applicationName: "lab" });
async function stats() {
  const [r] = await db.query<any>({ text: "select xact_commit::int as x, tup_inserted::int as i, tup_updated::int as u, tup_deleted::int as d from pg_stat_database where datname = current_database()" });
  const w = await db.query<any>({ text: "select wal_records::int as r, wal_fpi::int as f, wal_bytes::bigint as b from pg_stat_wal" });
  return { ...r, ...w[0] };
}
async function scrape() {
  const out: Record<string, string[]> = {};
  for (const [name, port] of Object.entries(platform.settings.ports)) {
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`, { headers: { authorization: `Bearer ${platform.settings.operatorKey}` } })).text();
    out[name] = text.split("\n").filter((l) => /relay_sent_total|consumer_applied_total|fired|lab_/.test(l) && !l.startsWith("#"));
  }
  return out;
}
try {
  let st = await stats();
  let before = all();
  let at = performance.now();
  for (let round = 0; round < Number(process.env["ROUNDS"] ?? 1); round++) {
    const { toVendor, toOffer } = await measureStalls(platform, { cases: Number(cases), perSecond: Number(rate), openedPerSecond: Number(opened), ...(live && { firstDueAfterMs: Number(live) }) }, async () => { before = all(); at = performance.now(); st = await stats(); });
    const after = all();
    const s = (performance.now() - at) / 1000;
    console.log(`${rate}/s ${live} seen ${toVendor.length}/${cases} vendor p50 ${q(toVendor, 0.5)} p90 ${q(toVendor, 0.9)} p99 ${q(toVendor, 0.99)} max ${q(toVendor, 0.9999)}; offer p50 ${q(toOffer, 0.5)} p99 ${q(toOffer, 0.99)}; window ${s.toFixed(1)} s`);
    const st2 = await stats();
    console.log(Object.entries(st2).map(([k, v]) => `${k} ${(Number(v) - Number(st[k])) / s | 0}/s`).join(" "));
    if (process.env["LAB"]) console.log(JSON.stringify(await scrape()));
    console.log([...after].map(([n, v]) => `${n} ${(v - (before.get(n) ?? 0)).toFixed(2)}s ${(((v - (before.get(n) ?? 0)) / s) * 100).toFixed(0)}%`).join("; "));
  }
  if (process.env["IDLE"]) {
    await new Promise((r) => setTimeout(r, 5000));
    const b = all(); await new Promise((r) => setTimeout(r, 20000)); const a = all();
    console.log("idle: " + [...a].map(([n, v]) => `${n} ${((v - (b.get(n) ?? 0)) / 20 * 100).toFixed(2)}%`).join("; "));
  }
} finally { await platform.stop(); }
process.exit(0);
