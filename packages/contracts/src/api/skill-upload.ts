import { z } from "zod";
import { skill } from "../skill.ts";
import { isoInstant } from "../time.ts";
import { cursor, identifier, resultPage, resultPageLimit } from "./parts.ts";
import { changedBy, skillCounts, skillRevision, skilledPeople, skilledPeopleExample } from "./skill.ts";

const mode = z.enum(["replace", "add"]).meta({
  description: "`replace`: people who are not in the upload are removed. `add`: they stay as they are",
});

/** `POST /v1/skill-uploads`: opens an upload. */
export const openSkillUploadRequest = z
  .strictObject({ mode, changedBy })
  .meta({ id: "OpenSkillUpload", examples: [{ mode: "replace", changedBy: "trainer-2" }] });

export const skillUploadParams = z.strictObject({
  id: z
    .string()
    .regex(/^sku_[0-9a-z]{26}$/, "the id of an upload is sku_ and 26 characters")
    .meta({ examples: ["sku_01jnrfd8g0j2m4n6p8r0s2t4v6"] }),
});

/** An upload. Its people have no effect until it is applied. */
export const skillUpload = z
  .object({
    id: z.string(),
    mode,
    people: z.int().meta({ description: "The number of people that the upload has" }),
    openedAt: isoInstant,
    expiresAt: isoInstant.meta({ description: "The upload is deleted after this instant" }),
    applied: z
      .object({ at: isoInstant, counts: skillCounts })
      .optional()
      .meta({ description: "The result, if the upload has been applied" }),
  })
  .meta({ id: "SkillUpload" });

/** `PUT /v1/skill-uploads/{id}/people`: adds up to 1,000 people to an upload. A repeated request changes nothing. */
export const uploadSkillsRequest = z
  .strictObject({ people: skilledPeople })
  .meta({ id: "UploadSkills", examples: [{ people: skilledPeopleExample }] });

export const skillDifferenceQuery = z.strictObject({ limit: resultPageLimit, cursor: cursor.optional() });

/** The change that an upload would make now. Nothing is changed. */
export const skillDifference = resultPage(
  z.object({
    person: identifier(64),
    change: z.enum(["added", "removed", "changed"]),
    before: z.array(skill).optional(),
    after: z.array(skill).optional(),
  }),
)
  .extend({ revision: skillRevision, counts: skillCounts })
  .meta({ id: "SkillDifference" });

/** `POST /v1/skill-uploads/{id}/apply`. */
export const applySkillUploadRequest = z
  .strictObject({
    people: z.int().min(0).meta({ description: "The number of people that the upload must have" }),
    revision: skillRevision.optional().meta({
      description: "The `revision` of the difference. If the skills have changed since then, the request is refused",
    }),
  })
  .meta({ id: "ApplySkillUpload", examples: [{ people: 12_000, revision: 17 }] });

export type SkillUpload = z.infer<typeof skillUpload>;
export type SkillDifference = z.infer<typeof skillDifference>;
