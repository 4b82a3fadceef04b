import { afterAll, beforeAll, expect, test } from "vitest";
import { readSkills } from "../src/store/skills.ts";
import { type World, startWorld } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

test("readSkills reads the skills of the named people of one party", async () => {
  const skills = [{ os: "PocketOS", level: 2, from: "2026-03-01T05:00:00Z", source: "exam" }];
  await world.database.query({
    text: `
      -- test.insert-skills
      insert into skilled_person (party, person, skills, changed_at)
      values ('northtel', 'p-1', $1, now()), ('northtel', 'p-2', $1, now()), ('southtel', 'p-3', $1, now())`,
    values: [JSON.stringify(skills)],
  });
  expect(await readSkills(world.database, "northtel", ["p-2", "p-3", "p-4"])).toEqual(new Map([["p-2", skills]]));
});
