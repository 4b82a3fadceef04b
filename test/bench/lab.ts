import { readFileSync, readdirSync } from "node:fs";
import { startPlatform } from "@crossline/local";
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
try {
  let before = all();
  let at = performance.now();
  for (let round = 0; round < Number(process.env.ROUNDS ?? 1); round++) {
    const { toVendor, toOffer } = await measureStalls(platform, { cases: Number(cases), perSecond: Number(rate), openedPerSecond: Number(opened), ...(live && { firstDueAfterMs: Number(live) }) }, () => { before = all(); at = performance.now(); });
    const after = all();
    const s = (performance.now() - at) / 1000;
    console.log(`${rate}/s ${live} seen ${toVendor.length}/${cases} vendor p50 ${q(toVendor, 0.5)} p90 ${q(toVendor, 0.9)} p99 ${q(toVendor, 0.99)} max ${q(toVendor, 0.9999)}; offer p50 ${q(toOffer, 0.5)} p99 ${q(toOffer, 0.99)}; window ${s.toFixed(1)} s`);
    console.log([...after].map(([n, v]) => `${n} ${(v - (before.get(n) ?? 0)).toFixed(2)}s ${(((v - (before.get(n) ?? 0)) / s) * 100).toFixed(0)}%`).join("; "));
  }
  if (process.env.IDLE) {
    await new Promise((r) => setTimeout(r, 5000));
    const b = all(); await new Promise((r) => setTimeout(r, 20000)); const a = all();
    console.log("idle: " + [...a].map(([n, v]) => `${n} ${((v - (b.get(n) ?? 0)) / 20 * 100).toFixed(2)}%`).join("; "));
  }
} finally { await platform.stop(); }
process.exit(0);
