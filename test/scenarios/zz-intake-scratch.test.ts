import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { openStage } from "./stage.ts";

test("steps are quick", async () => {
  const stage = await openStage();
  const story = await stage.story((vendor) => ({
    line: "l", mode: "cross", calendar: "24x7",
    clocks: [{ kind: "stall.busy", target: "PT20M", warnAt: [10, 20, 30, 40, 50, 60, 70, 80, 90] }],
    crossing: [{ to: `queue:${vendor}.handheld` as never, mode: "ticket", acceptWithin: "PT90S", repeat: 10 }],
    lastResort: ["https://x.example/y"],
  }));
  const { client } = await stage.party("meas", "carrier");
  const start = "2026-03-07T09:00:00Z";
  const at = (s: number) => new Date(Date.parse(start) + s * 1000).toISOString();
  const { id } = await client.post<{ id: string }>("/v1/timelines", { kind: "stepped", start });
  const time = async <T,>(work: () => Promise<T>): Promise<[number, T]> => { const t = performance.now(); const r = await work(); return [performance.now() - t, r]; };
  const opened = await time(() => client.post<any>("/v1/cases", { carrierCaseId: randomUUID(), title: "x", channel: "phone", timeline: id, handling: {} }));
  console.log("open", opened[0].toFixed(0));
  const empty: number[] = [];
  for (let i = 1; i <= 20; i++) empty.push((await time(() => client.post(`/v1/timelines/${id}/advance`, { to: at(i) })))[0]);
  console.log("advance, nothing due", empty.map((m) => m.toFixed(0)).join(" "));
  const notes: number[] = [];
  for (let i = 0; i < 20; i++) notes.push((await time(() => client.post(`/v1/cases/${opened[1].id}/entries`, { kind: "note", text: "x" })))[0]);
  console.log("commands", notes.map((m) => m.toFixed(0)).join(" "));
  const long = await time(() => client.post<any>(`/v1/timelines/${id}/advance`, { to: at(7200) }));
  console.log("advance 2h", long[0].toFixed(0), JSON.stringify(long[1]), (long[0] / long[1].steps).toFixed(1), "ms a step");
  void story;
  expect(true).toBe(true);
  await stage.close();
}, 60_000);
