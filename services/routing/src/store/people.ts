import type { Instant, Skill } from "@crossline/contracts";
import type { CrossingDeps, SkilledPerson } from "@crossline/domain";
import type { Tx } from "@crossline/postgres";
import type { DutyReader } from "./on-duty.ts";
import { rostersOfPools } from "./pools.ts";
import { readSkills } from "./skills.ts";

/** The part of a decision's input that the decision asks for only if it needs the skills of people. */
type People = Pick<CrossingDeps, "skillsOf" | "onPool">;
type WantedPool = { readonly party: string; readonly pool: string; readonly at: Instant };

const roundsMax = 100;

/**
 * Decides with the skills of people and the people on duty in pools. `decide` must be pure, because the function repeats it after it
 * has read the people that the decision asked for. A decision that asks for no people costs no statement.
 */
export async function decideWithPeople<T>(tx: Tx, duty: DutyReader, decide: (people: People) => T): Promise<T> {
  const skills = new Map<string, ReadonlyMap<string, readonly Skill[]>>();
  const pools = new Map<string, readonly SkilledPerson[]>();
  for (let round = 0; round < roundsMax; round++) {
    const wantedPeople = new Map<string, Set<string>>();
    const wantedPools = new Map<string, WantedPool>();
    const decided = decide({
      skillsOf(party, person) {
        const known = skills.get(party)?.get(person);
        if (known === undefined) wantedPeople.set(party, (wantedPeople.get(party) ?? new Set()).add(person));
        return known ?? [];
      },
      onPool(party, pool, at) {
        const key = `${party}/${pool}@${at}`;
        const known = pools.get(key);
        if (known === undefined) wantedPools.set(key, { party, pool, at });
        return known ?? [];
      },
    });
    if (wantedPeople.size === 0 && wantedPools.size === 0) return decided;
    for (const [key, people] of await readPools(tx, duty, wantedPools)) pools.set(key, people);
    for (const [party, persons] of wantedPeople) {
      const found = await readSkills(tx, party, [...persons]);
      skills.set(party, new Map([...(skills.get(party) ?? []), ...[...persons].map(withSkills(found))]));
    }
  }
  throw new Error(`a decision asked for people more than ${roundsMax} times`);
}

type SkillsByPerson = ReadonlyMap<string, readonly Skill[]>;

function withSkills(found: SkillsByPerson): (person: string) => readonly [string, readonly Skill[]] {
  return (person) => [person, found.get(person) ?? []];
}

/** Reads the people on duty in pools, each at one instant, with their skills. */
async function readPools(
  tx: Tx,
  duty: DutyReader,
  wanted: ReadonlyMap<string, WantedPool>,
): Promise<ReadonlyMap<string, readonly SkilledPerson[]>> {
  if (wanted.size === 0) return new Map();
  const rosters = await rostersOfPools(tx, [...wanted.values()]);
  const onDuty = await duty.loadRosters(tx, [...new Set([...rosters.values()].flat())]);
  const people = new Map(
    [...wanted].map(([key, { party, pool, at }]) => {
      const named = rosters.get(`${party}/${pool}`) ?? [];
      const persons = named.flatMap((roster) => onDuty(roster, at, false).people.map(({ person }) => person));
      return [key, { party, persons: [...new Set(persons)] }];
    }),
  );
  const skilled = new Map<string, readonly SkilledPerson[]>();
  for (const [party, ofParty] of Map.groupBy(people, ([, entry]) => entry.party)) {
    const found = await readSkills(tx, party, [...new Set(ofParty.flatMap(([, { persons }]) => persons))]);
    for (const [key, { persons }] of ofParty)
      skilled.set(
        key,
        persons.map((person) => ({ person, skills: found.get(person) ?? [] })),
      );
  }
  return skilled;
}
