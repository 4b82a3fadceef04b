import type { LineDocument, LineRef } from "@crossline/contracts";
import { type Case, type World, nine } from "./world.ts";

const from = "2026-03-01T05:00:00Z";
/** A skill for PocketOS of level 2, which is valid in March 2026. */
export const pocket = { os: "PocketOS", level: 2, from, source: "Exam 17" };

const queueStep = { to: "queue:orchard.handheld", mode: "ticket", acceptWithin: "PT30M", repeat: 1 } as const;

/** Returns a line whose first step is a pool. */
export const poolDocument = (line: string, pool: string): Partial<LineDocument> & { readonly line: string } => ({
  line,
  triggers: [{ on: "skill.missing", level: 2 }],
  crossing: [{ to: `pool:${pool}`, mode: "ticket", acceptWithin: "PT5M", repeat: 1 }, queueStep],
});

/** Publishes a roster with one person on duty at a time, by name, and a pool of the same name that has this roster. */
export async function publishPool(world: World, name: string, person: string | readonly string[]): Promise<void> {
  const northtel = world.as("northtel");
  const persons = typeof person === "string" ? [person] : person;
  const rosters: string[] = [];
  for (const [index, id] of persons.entries()) {
    const roster = `${name}-${index}`;
    const rotation = { turn: "daily", handover: "00:00", zone: "America/Toronto", start: "2026-03-01", order: [id] };
    const people = [{ id, name: "Ada Lovett", mail: "ada@northtel.example" }];
    const answer = await northtel("POST", "/v1/rosters", { roster, people, rotation: [rotation] });
    if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
    rosters.push(roster);
  }
  const put = await northtel("PUT", `/v1/pools/${name}`, { title: "PocketOS specialists", rosters });
  if (put.status !== 200) throw new Error(JSON.stringify(put.body));
}

/** Opens a case with a PocketOS device, and lets a person without the skill begin a handling. */
export async function openWithoutSkill(world: World, line: LineRef, person = "rep-17"): Promise<Case> {
  const device = { vendor: "orchard", model: "Handheld 8700", os: "PocketOS 4.2" };
  const one = await world.open(line, { device });
  one.after(300);
  await startCall(one, person);
  return one;
}

/** A person begins a handling, whose id names the person. */
export const startCall = (one: Case, person: string): Promise<number> =>
  one.publish("handling.started", {
    actor: { ...one.rep, person },
    handlingId: `hd_${person}`,
    channel: "phone",
  });

export const fiveMinutesLater = nine + 300_000;
