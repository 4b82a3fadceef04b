import {
  type Actor,
  type AnnounceChangeRequest,
  type Instant,
  type MessageOrigin,
  type PresentedChange,
  type Refusal,
  type Subject,
  newId,
  parseInstant,
  refusal,
} from "@crossline/contracts";
import {
  type ChangeDecision,
  announceChange as decideAnnouncement,
  hashIdentity,
  identitiesOf,
  isRefused,
  refuseIdentity,
  sharedIdentities,
} from "@crossline/domain";
import type { CommandResponse } from "@crossline/idempotency";
import { appendToOutbox } from "@crossline/messaging";
import type { Tx } from "@crossline/postgres";
import { presentAnnouncedChange } from "../responses/present-change.ts";
import { type AffectedCompany, findNamedCompanies, findPartners } from "../store/affected-companies.ts";
import { insertEffects, insertListed } from "../store/change-effects.ts";
import { countAwaiting, insertChange } from "../store/changes.ts";
import { insertTasks } from "../store/tasks.ts";

/** An announcement of a company. `identities` contains the listed identities as hashes. */
export type Announcement = {
  readonly kind: "carrier" | "vendor";
  readonly actor: Actor;
  readonly origin: MessageOrigin;
  readonly body: AnnounceChangeRequest;
  readonly identities: readonly string[] | undefined;
  readonly at: Instant;
};

const awaitingMax = 100;
const tooMany = refusal(
  "limit_reached",
  `A company has at most ${awaitingMax} changes that wait for receipts on one timeline. Withdraw one, or wait for its receipts.`,
);

/** Announces a change, and saves it with its event and its tasks in the caller's transaction. */
export async function announceChange(
  tx: Tx,
  { kind, actor, origin, body, identities, at }: Announcement,
): Promise<CommandResponse<PresentedChange> | Refusal> {
  const { timeline, title, description, mustDo, symptoms, startsAt, endsAt, confirmBy, affected = {} } = body;
  if ((await countAwaiting(tx, timeline, actor.party)) >= awaitingMax) return tooMany;
  const companies = await findCompanies(tx, body, actor.party);
  const outcome = decideAnnouncement(
    {
      id: newId("ch"),
      timeline,
      title,
      description,
      mustDo,
      startsAt: parseInstant(startsAt),
      endsAt: endsAt === undefined ? undefined : parseInstant(endsAt),
      confirmBy: confirmBy === undefined ? undefined : parseInstant(confirmBy),
      symptoms: [...new Set(symptoms)],
      scope: {
        vendor: affected.vendor,
        models: affected.models,
        regions: affected.regions,
        identities: identities?.length,
      },
      kind,
      companies: companies.map(({ party }) => party),
      carriers: companies.filter((company) => company.kind === "carrier").map(({ party }) => party),
    },
    actor,
    at,
  );
  if (isRefused(outcome)) return outcome.refused;
  await Promise.all([
    insertChange(tx, outcome.state),
    insertEffects(tx, outcome.state),
    insertListed(tx, outcome.state.id, identities ?? []),
    appendDecision(tx, outcome, origin),
  ]);
  return { status: 201, body: presentAnnouncedChange(outcome.state, actor.party) };
}

/** Appends the events and the tasks of a decision. The action log has the command itself, so the events have no sender. */
export async function appendDecision(
  tx: Tx,
  { messages, tasks }: ChangeDecision,
  { traceparent }: Pick<MessageOrigin, "traceparent">,
): Promise<void> {
  const traced = messages.map((message) => ({ ...message, ...(traceparent !== undefined && { traceparent }) }));
  await Promise.all([appendToOutbox(tx, traced), insertTasks(tx, tasks)]);
}

/**
 * Returns the listed identities as hashes, or the refusal of a mistyped one. A vendor's own id of a customer has no meaning for the
 * carriers.
 */
export function hashListed(
  listed: readonly Subject[] | undefined,
  kind: "carrier" | "vendor",
): readonly string[] | Refusal | undefined {
  if (listed === undefined) return undefined;
  const hashes = new Set<string>();
  for (const [index, subject] of listed.entries()) {
    const mistyped = refuseIdentity(subject);
    if (mistyped !== undefined) return atPlace(mistyped, `/affected/identities/${index}`);
    const identities = (kind === "vendor" ? sharedIdentities : identitiesOf)(subject);
    if (identities.length === 0) {
      const fields = [{ at: `/affected/identities/${index}`, message: "must contain an identity" }];
      return refusal("invalid_request", "An item of the list has no identity of a device or customer.", { fields });
    }
    for (const identity of identities) hashes.add(hashIdentity(identity));
  }
  return [...hashes];
}

function atPlace(mistyped: Refusal, place: string): Refusal {
  const fields = (mistyped.fields ?? []).map(({ at, message }) => ({ at: at.replace("/subject", place), message }));
  return { ...mistyped, fields };
}

function findCompanies(
  tx: Tx,
  { timeline, affected: { companies = "partners" } = {} }: AnnounceChangeRequest,
  party: string,
): Promise<AffectedCompany[]> {
  if (companies === "partners") return findPartners(tx, timeline, party);
  return findNamedCompanies(tx, [...new Set(companies)]);
}
