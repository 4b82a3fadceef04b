import { z } from "zod";
import { partyId } from "../events/vocabulary.ts";
import { skill, skillSet } from "../skill.ts";
import { isoInstant } from "../time.ts";
import { actingPersonFields, cursor, identifier, label, resultPage, resultPageLimit, sentInstant } from "./parts.ts";

const peopleMax = 1_000;
const person = identifier(64).meta({ description: "The company's own id of the person", examples: ["rep-7"] });
const changedAt = isoInstant.meta({ description: "The instant of the last change" });

/** The person who changes skills, for the history. */
export const changedBy = identifier(64)
  .optional()
  .meta({
    description: "The company's own id of the person who makes the change, for the history",
    examples: ["trainer-2"],
  })
  .register(actingPersonFields, { is: "person" });

/** The owner of the skills. A company may omit this parameter, but the operator must name a party. */
export const skillOwnerQuery = z.strictObject({
  party: partyId.optional().meta({ description: "The owner of the skills. Only the operator needs this parameter" }),
});

export const skillParams = z.strictObject({ person });

/** `PUT /v1/skills/{person}`: replaces all skills of a person. */
export const setSkillsRequest = z.strictObject({ skills: skillSet, changedBy }).meta({
  id: "SetSkills",
  examples: [
    {
      skills: [{ os: "PocketOS", versions: { from: "4" }, level: 2, from: "2026-03-01T05:00:00Z", source: "Exam 17" }],
      changedBy: "trainer-2",
    },
  ],
});

/** The skills of up to 1,000 people. No person may occur twice. */
export const skilledPeople = z
  .array(z.strictObject({ person, skills: skillSet }))
  .min(1)
  .max(peopleMax)
  .superRefine((people, context) => {
    const seen = new Set<string>();
    for (const [index, { person: id }] of people.entries()) {
      if (seen.has(id)) context.addIssue({ code: "custom", path: [index, "person"], message: "repeats a person" });
      seen.add(id);
    }
  });

const peopleExample = [
  { person: "rep-7", skills: [{ os: "PocketOS", level: 2, from: "2026-03-01T05:00:00Z", source: "Exam 17" }] },
];

/** `POST /v1/skills`: replaces the skills of the named people. All other people stay as they are. */
export const setManySkillsRequest = z
  .strictObject({ people: skilledPeople, changedBy })
  .meta({ id: "SetManySkills", examples: [{ people: peopleExample }] });

/** `DELETE /v1/skills/{person}`. */
export const removeSkillsQuery = z.strictObject({ changedBy });

const count = z.int().min(0);

/** The numbers of people whose skills a change added, removed or changed, and of those that it left as they were. */
export const skillCounts = z
  .object({ added: count, removed: count, changed: count, unchanged: count })
  .meta({ id: "SkillCounts" });

const revision = z.int().meta({
  description: "A number that grows with each change of the party's skills. Equal numbers mean equal skills",
});

export const skilledPerson = z
  .object({
    person,
    skills: z.array(
      z.object({
        ...skill.shape,
        valid: z.boolean().meta({ description: "True if the skill is valid now, or at `at`" }),
      }),
    ),
    changedAt,
  })
  .meta({ id: "SkilledPerson" });

export const skillListQuery = z.strictObject({
  ...skillOwnerQuery.shape,
  os: label(60).optional().meta({ description: "The operating system of a device, e.g. `PocketOS 4.2`" }),
  model: label(100).optional().meta({ description: "The model of a device" }),
  level: z.coerce.number().int().min(1).max(5).optional().meta({ description: "The lowest level. Default: 1" }),
  at: sentInstant.optional().meta({ description: "The instant at which a skill must be valid. Default: now" }),
  limit: resultPageLimit,
  cursor: cursor.optional(),
});

/** The people with skills, by their ids. With a filter, a result page can be short although there is a next one. */
export const skillResultPage = resultPage(skilledPerson).extend({ revision }).meta({ id: "SkilledPersonPage" });

const set = z.array(skill);

/** A change of a person's skills. */
export const skillChange = z
  .object({
    number: z.int().meta({ description: "The number of the change. It grows, and numbers can be missing" }),
    at: isoInstant,
    by: z.object({ party: partyId, person: z.string().optional() }),
    upload: z.string().optional().meta({ description: "The upload that made the change" }),
    before: set.optional().meta({ description: "Absent if the person had no skills" }),
    after: set.optional().meta({ description: "Absent if the person was removed" }),
  })
  .meta({ id: "SkillChange" });

export const skillChangesQuery = z.strictObject({
  ...skillOwnerQuery.shape,
  limit: resultPageLimit,
  cursor: cursor.optional(),
});

/** The changes of a person's skills, newest first. */
export const skillChangePage = resultPage(skillChange).meta({ id: "SkillChangePage" });

export { peopleExample as skilledPeopleExample, revision as skillRevision };
export type SkilledPerson = z.infer<typeof skilledPerson>;
export type SkillChange = z.infer<typeof skillChange>;
export type SkillCounts = z.infer<typeof skillCounts>;
export type SkilledPeople = z.infer<typeof skilledPeople>;
