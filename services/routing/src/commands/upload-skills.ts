import {
  type Refusal,
  type SkillUpload,
  type SkilledPeople,
  formatInstant,
  newId,
  refusal,
} from "@crossline/contracts";
import { type IdempotentOutcome, withIdempotency } from "@crossline/idempotency";
import { type Database, now } from "@crossline/postgres";
import { applyUploadRows } from "../store/skill-changes.ts";
import {
  type UploadRow,
  countUploads,
  endUpload,
  findUpload,
  insertUpload,
  saveUploadPeople,
  uploadKeptMs,
} from "../store/skill-uploads.ts";
import { countSkills, lockSkills } from "../store/skills.ts";
import type { CommandRequest } from "./change-case.ts";
import { type SkillOwner, findTooMany, peopleMax, tooManyPeople, toWanted } from "./change-skills.ts";

const uploadsMax = 10;
const requestMax = 1_000;

export const noUpload: Refusal = refusal("not_found", "You have no such upload. An upload is deleted after a day.");
export const isApplied: Refusal = refusal("stale_version", "This upload has been applied. Open another upload.");

/** Opens an upload, which collects the skills of many people until it is applied. */
export function openUpload(
  database: Database,
  commandRequest: CommandRequest,
  { party, changedBy }: SkillOwner,
  mode: "replace" | "add",
): Promise<IdempotentOutcome<SkillUpload>> {
  return withIdempotency<SkillUpload>(database, commandRequest, async (tx) => {
    await lockSkills(tx, party);
    const openedAt = await now(tx);
    if ((await countUploads(tx, party, openedAt - uploadKeptMs)) >= uploadsMax) {
      const detail = `A party can have at most ${uploadsMax} open uploads. Apply or delete one; each is deleted after a day.`;
      return refusal("limit_reached", detail);
    }
    const row = { id: newId("sku"), party, mode, actor: changedBy ?? null, openedAt };
    await insertUpload(tx, row);
    return { status: 201, body: presentUpload({ ...row, appliedAt: null, counts: null, people: 0 }) };
  });
}

/** Adds people to an upload. A repeated request changes nothing. */
export function addToUpload(
  database: Database,
  party: string,
  id: string,
  people: SkilledPeople,
): Promise<SkillUpload | Refusal> {
  return database.transaction(async (tx) => {
    const upload = await findUpload(tx, party, id, true);
    if (upload === undefined) return noUpload;
    if (upload.appliedAt !== null) return isApplied;
    // The sum counts people twice who are already in the upload, so a client can still repeat its last request at the limit.
    if (upload.people + people.length > peopleMax + requestMax) return tooManyPeople;
    await saveUploadPeople(tx, id, toWanted(people));
    const after = await findUpload(tx, party, id);
    return after === undefined ? noUpload : presentUpload(after);
  });
}

/**
 * Applies an upload in one transaction, so every reader sees all of its people or none. A repeated request with the same key gets the
 * first result. If the upload has another number of people, or the skills have changed since `revision`, nothing changes.
 */
export function applyUpload(
  database: Database,
  commandRequest: CommandRequest,
  { party, id }: { readonly party: string; readonly id: string },
  expected: { readonly people: number; readonly revision?: number | undefined },
): Promise<IdempotentOutcome<SkillUpload>> {
  return withIdempotency<SkillUpload>(database, commandRequest, async (tx) => {
    await lockSkills(tx, party);
    const upload = await findUpload(tx, party, id, true);
    if (upload === undefined) return noUpload;
    if (upload.appliedAt !== null) return isApplied;
    if (upload.people !== expected.people) {
      const detail = `The upload has ${upload.people} people, and the request expects ${expected.people}. Send the missing people.`;
      return refusal("stale_version", detail, { facts: { people: upload.people } });
    }
    const { revision } = await countSkills(tx, party);
    if (expected.revision !== undefined && expected.revision !== revision) {
      const detail = "The skills have changed since the difference was read. Read the difference again.";
      return refusal("stale_version", detail, { facts: { revision } });
    }
    const at = await now(tx);
    const writer = { party, actor: upload.actor ?? undefined, at };
    const counts = await applyUploadRows(tx, writer, { id, removesOthers: upload.mode === "replace" });
    const tooMany = await findTooMany(tx, party);
    if (tooMany !== undefined) return tooMany;
    await endUpload(tx, id, at, counts);
    return { status: 200, body: presentUpload({ ...upload, appliedAt: at, counts }) };
  });
}

export function presentUpload({ id, mode, people, openedAt, appliedAt, counts }: UploadRow): SkillUpload {
  return {
    id,
    mode,
    people,
    openedAt: formatInstant(openedAt),
    expiresAt: formatInstant(openedAt + uploadKeptMs),
    ...(appliedAt !== null && counts !== null && { applied: { at: formatInstant(appliedAt), counts } }),
  };
}
