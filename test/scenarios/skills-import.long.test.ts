import { expect, test } from "vitest";
import { fileOf, prepareSkillsImport } from "./skills-run.ts";

const skills = prepareSkillsImport();

test("12,000 people with four operating systems are imported, replaced and read", { timeout: 120_000 }, async () => {
  const systems = ["PocketOS", "OtherOS", "ThirdOS", "FourthOS"];
  const rows = (level: number) =>
    Array.from({ length: 12_000 }, (_, index) =>
      systems.map((os) => `rep-${index},${os},4,5.1,,${level},2026-03-01,2027-02-28,Exam ${index}`),
    ).flat();
  const timed = async (name: string, level: number, options: object) => {
    const file = skills.write(name, fileOf(rows(level)));
    const started = performance.now();
    const { code, text, progress } = await skills.run(file, options);
    return { code, text, progress, seconds: (performance.now() - started) / 1_000 };
  };
  const first = await timed("carrier-1.csv", 1, { replace: true });
  expect(first).toMatchObject({ code: 0 });
  expect(first.text).toContain("12000 people added, 0 removed, 0 changed, 0 unchanged");
  expect(first.progress).toContain("12000 of 12000 people");
  const dry = await timed("carrier-2.csv", 2, { replace: true, dryRun: true });
  expect(dry.text).toContain("0 people added, 0 removed, 12000 changed, 0 unchanged would follow");
  const second = await timed("carrier-2.csv", 2, { replace: true });
  expect(second.text).toContain("12000 changed");
  const started = performance.now();
  const device = "os=PocketOS%204.2&level=2";
  const found = await skills.get<{ items: object[] }>(`/v1/skills?${device}&at=2026-04-01T00:00:00Z&limit=100`);
  const searchMs = performance.now() - started;
  expect(found.items).toHaveLength(100);
  process.stdout.write(
    `12,000 people × 4: first ${first.seconds.toFixed(1)} s, dry run ${dry.seconds.toFixed(1)} s, replacement ${second.seconds.toFixed(1)} s, search ${searchMs.toFixed(0)} ms\n`,
  );
  expect(second.seconds).toBeLessThan(60);
});
