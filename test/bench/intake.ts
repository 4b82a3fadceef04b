import { startIntakeAlone } from "./load/intake-alone.ts";
import { runLoad } from "./load/run-load.ts";
import { readFileSync } from "node:fs";

const seconds = Number(process.argv[2] ?? 3), rounds = Number(process.argv[3] ?? 3);
const flags = process.argv.slice(4);
const cpu = (pid: number) => { const f = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" "); return (Number(f[11]) + Number(f[12])) / 100; };
const q = (s: Float64Array, of: number) => s.toSorted()[Math.floor(s.length * of)] ?? NaN;
const at = await startIntakeAlone({ port: 14000, answerBytes: 1300, flags });
try {
  for (let round = 0; round < rounds; round++) for (const [name, url, key, pid] of [["bare", at.bareUrl, "x", at.barePid], ["intake", at.url, at.key, at.pid]] as const) {
    const before = cpu(pid);
    const r = await runLoad({ url, key, connections: 64, seconds: round === 0 ? 2 : seconds });
    const d = r.delays[201] ?? new Float64Array();
    console.log(name, (d.length / r.seconds).toFixed(0), "/s p50", q(d, .5).toFixed(1), "p99", q(d, .99).toFixed(1), "cpu", ((cpu(pid) - before) / r.seconds).toFixed(2), JSON.stringify(r.statuses));
    await new Promise((r) => setTimeout(r, 1500));
  }
} finally { await at.stop(); }
process.exit(0);
