import type { Tx } from "@crossline/postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDutyReader } from "../src/store/on-duty.ts";
import { decideWithPeople } from "../src/store/people.ts";
import { pocket, publishPool } from "./pool-world.ts";
import { type World, nine, startWorld } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await startWorld();
  const people = ["spec-1", "spec-2"].map((person) => ({ person, skills: [pocket] }));
  await world.as("northtel")("POST", "/v1/skills", { people });
  await publishPool(world, "ios", ["spec-1", "spec-2", "rep-7"]);
});
afterAll(() => world.stop());

/** Counts the statements that a decision sends to the database, and the number of its repetitions. */
async function count<T>(decide: Parameters<typeof decideWithPeople<T>>[2]) {
  const sent: string[] = [];
  let repetitions = 0;
  const decided = await world.database.transaction((tx) => {
    const counting: Tx = {
      ...tx,
      query: (statement) => {
        sent.push(/-- ([\w.-]+)/.exec(statement.text)?.[1] ?? "");
        return tx.query(statement);
      },
    };
    return decideWithPeople(counting, createDutyReader(), (people) => {
      repetitions++;
      return decide(people);
    });
  });
  return { sent, repetitions, decided };
}

test("a decision that asks for no people sends no statement, and is made once", async () => {
  expect(await count(() => "decided")).toEqual({ sent: [], repetitions: 1, decided: "decided" });
});

test("a decision gets the skills and the people on duty that it asks for, and is then repeated", async () => {
  const { sent, repetitions, decided } = await count(({ skillsOf, onPool }) =>
    skillsOf("northtel", "spec-1").length === 0 ? [] : onPool("northtel", "ios", nine),
  );
  expect(decided).toEqual([
    { person: "spec-1", skills: [pocket] },
    { person: "spec-2", skills: [pocket] },
    { person: "rep-7", skills: [] },
  ]);
  expect(repetitions).toBe(3);
  expect(sent).toEqual([
    "routing.read-skills",
    "routing.rosters-of-pools",
    "routing.newest-rosters",
    "routing.read-rosters",
    "routing.read-skills",
  ]);
});

test("a person without skills and an unknown pool are asked for once", async () => {
  const { repetitions, decided } = await count(({ skillsOf, onPool }) => [
    skillsOf("northtel", "untrained-1"),
    onPool("northtel", "none", nine),
    onPool("southtel", "ios", nine),
  ]);
  expect([repetitions, decided]).toEqual([2, [[], [], []]]);
});
