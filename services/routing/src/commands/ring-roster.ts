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
import { type CommandRequest, type CommandDeps, actorOf, addTrace } from "./change-case.ts";
import { noSuchRoster } from "./publish-roster.ts";

/** The maximum number of test pages to one person in `withinMs`, over all rosters of the party. */
const ringsMax = 3;
const withinMs = 3_600_000;

/** The roster of a ring test, and the people to page. If `people` is missing, the ring test pages all people of the roster. */
export type RingTestTarget = { readonly party: string; readonly name: string; readonly people?: readonly string[] };

/**
 * Starts a ring test. The function publishes an event, and notification then sends the test pages. One transaction saves the
 * event and the idempotency key, so that a crash leaves both or neither.
 */
export async function ringRoster(
  deps: Pick<CommandDeps, "database" | "onCommitted">,
  commandRequest: CommandRequest,
  { party, name, people }: RingTestTarget,
): Promise<IdempotentOutcome<StartedRingTest>> {
  const outcome = await withIdempotency<StartedRingTest>(deps.database, commandRequest, async (tx) => {
    await lockRosters(tx, party);
    const roster = await findRoster(tx, party, name);
    if (roster === undefined) return noSuchRoster;
    const rosterPeople = pickPeople(roster.document.people, people);
    if (isRefusal(rosterPeople)) return rosterPeople;
    const refused = await limitRings(tx, party, rosterPeople);
    if (refused !== undefined) return refused;
    const at = await now(tx);
    const ringTestId = newId("rng");
    const ref = { party, name, version: roster.version };
    await appendToOutbox(
      tx,
      addTrace(
        [toEvent({ ringTestId, ref, at, actor: actorOf(commandRequest), rung: rosterPeople })],
        commandRequest.traceparent,
      ),
    );
    const body = {
      ringTestId,
      roster: ref,
      at: formatInstant(at),
      people: rosterPeople.map(({ id, mail, url }) => ({
        person: id,
        addresses: [...(mail === undefined ? [] : [`mailto:${mail}`]), ...(url === undefined ? [] : [url])],
      })),
    };
    return { status: 202, body };
  });
  deps.onCommitted([]);
  return outcome;
}

function pickPeople(
  all: readonly RosterPerson[],
  people: readonly string[] | undefined,
): readonly RosterPerson[] | Refusal {
  const unknown = (people ?? []).flatMap((id, index) =>
    all.some((person) => person.id === id)
      ? []
      : [{ at: `/people/${index}`, message: "is not on this roster; correct or remove it" }],
  );
  if (unknown.length > 0) {
    return refusal("invalid_request", `The body is not valid: ${unknown[0]?.at} ${unknown[0]?.message}.`, {
      fields: unknown,
    });
  }
  return people === undefined ? all : all.filter(({ id }) => people.includes(id));
}

/** Counts the test pages to each person, and refuses pages above the limit, since a page at night wakes a person. */
async function limitRings(tx: Tx, party: string, rosterPeople: readonly RosterPerson[]): Promise<Refusal | undefined> {
  const at = await now(tx);
  const ids = rosterPeople.map(({ id }) => id);
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
    `Ring tests page a person at most ${ringsMax} times in an hour. The limit is reached for ${people.join(", ")}; remove them, or try later.`,
    { facts: { people }, retryAfterSeconds: Math.max(1, Math.ceil((freeAt - at) / 1_000)) },
  );
}

type RingTestStart = {
  readonly ringTestId: string;
  readonly ref: StartedRingTest["roster"];
  readonly at: number;
  readonly actor: Actor;
  readonly rung: readonly RosterPerson[];
};

function toEvent({ ringTestId, ref, at, actor, rung: rosterPeople }: RingTestStart): EventOf<"roster.ring-tested"> {
  const { party, name, version } = ref;
  return {
    topic: topics.roster,
    key: ringTestId,
    sequence: 1,
    type: "roster.ring-tested",
    time: at,
    timeline: wall,
    data: { actor, party, roster: `${party}.${name}`, version, subject: { people: rosterPeople.map(toPaged) } },
  };
}
