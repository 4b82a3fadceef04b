import {
  type Actor,
  type EventOf,
  type Refusal,
  type StartedRingTest,
  type RosterPerson,
  formatInstant,
  newId,
  refusal,
  topics,
  wall,
  isRefusal,
} from "@crossline/contracts";
import { type IdempotentOutcome, withIdempotency } from "@crossline/idempotency";
import { appendToOutbox } from "@crossline/messaging";
import { type Tx, now } from "@crossline/postgres";
import { toPaged } from "../store/on-duty.ts";
import { countRings, deleteRings, insertRings } from "../store/ring-tests.ts";
import { findRoster, lockRosters } from "../store/rosters.ts";
import { type Asked, type CommandDeps, actorOf, traced } from "./change-case.ts";
import { noSuchRoster } from "./publish-roster.ts";

/** How often one person is rung by tests, over all rosters of the party. */
const ringsMax = 3;
const withinMs = 3_600_000;

/** Which roster, and whom of it; everybody where no people are named. */
export type RingTestWanted = { readonly party: string; readonly name: string; readonly people?: readonly string[] };

/**
 * Rings people of a roster to prove the way to them. Notification dials; that it has to is published with the idempotency key, so
 * that a crash or an outage in between leaves both or neither.
 */
export async function ringRoster(
  deps: Pick<CommandDeps, "database" | "told">,
  asked: Asked,
  { party, name, people }: RingTestWanted,
): Promise<IdempotentOutcome<StartedRingTest>> {
  const outcome = await withIdempotency<StartedRingTest>(deps.database, asked, async (tx) => {
    await lockRosters(tx, party);
    const roster = await findRoster(tx, party, name);
    if (roster === undefined) return noSuchRoster;
    const rung = pick(roster.document.people, people);
    if (isRefusal(rung)) return rung;
    const refused = await limit(tx, party, rung);
    if (refused !== undefined) return refused;
    const at = await now(tx);
    const ringTestId = newId("rng");
    const ref = { party, name, version: roster.version };
    await appendToOutbox(
      tx,
      traced([toEvent({ ringTestId, ref, at, actor: actorOf(asked), rung })], asked.traceparent),
    );
    const body = {
      ringTestId,
      roster: ref,
      at: formatInstant(at),
      people: rung.map(({ id, mail, url }) => ({
        person: id,
        addresses: [...(mail === undefined ? [] : [`mailto:${mail}`]), ...(url === undefined ? [] : [url])],
      })),
    };
    return { status: 202, body };
  });
  deps.told([]);
  return outcome;
}

function pick(all: readonly RosterPerson[], people: readonly string[] | undefined): readonly RosterPerson[] | Refusal {
  const unknown = (people ?? []).flatMap((id, index) =>
    all.some((person) => person.id === id)
      ? []
      : [{ at: `/people/${index}`, message: "is not on this roster; correct it, or leave it out" }],
  );
  if (unknown.length > 0) {
    return refusal("invalid_request", `The body is not valid: ${unknown[0]?.at} ${unknown[0]?.message}.`, {
      fields: unknown,
    });
  }
  return people === undefined ? all : all.filter(({ id }) => people.includes(id));
}

/** A ring at night wakes: tests of one person are few. */
async function limit(tx: Tx, party: string, rung: readonly RosterPerson[]): Promise<Refusal | undefined> {
  const at = await now(tx);
  const ids = rung.map(({ id }) => id);
  await deleteRings(tx, party, at - withinMs);
  const full = (await countRings(tx, party, ids, at - withinMs)).filter(({ rings }) => rings >= ringsMax);
  if (full.length === 0) {
    await insertRings(tx, party, ids, at);
    return undefined;
  }
  const people = full.map(({ person }) => person);
  const freeAt = Math.max(...full.map(({ first }) => first + withinMs));
  return refusal(
    "too_many_requests",
    `A person is rung by tests ${ringsMax} times in an hour at most; ${people.join(", ")} has been. Leave them out, or try later.`,
    { facts: { people }, retryAfterSeconds: Math.max(1, Math.ceil((freeAt - at) / 1_000)) },
  );
}

type Rung = {
  readonly ringTestId: string;
  readonly ref: StartedRingTest["roster"];
  readonly at: number;
  readonly actor: Actor;
  readonly rung: readonly RosterPerson[];
};

function toEvent({ ringTestId, ref, at, actor, rung }: Rung): EventOf<"roster.ring-tested"> {
  const { party, name, version } = ref;
  return {
    topic: topics.roster,
    key: ringTestId,
    sequence: 1,
    type: "roster.ring-tested",
    time: at,
    timeline: wall,
    data: { actor, party, roster: `${party}.${name}`, version, subject: { people: rung.map(toPaged) } },
  };
}
