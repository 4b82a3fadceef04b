import { z } from "zod";
import { attachment, entryChain, entryKind, entryOf } from "../events/entry.ts";
import { audience, fact, triedStep } from "../events/vocabulary.ts";
import { commandResponseFields, authoredFields } from "./presented-case.ts";
import { actingPerson, note, resultPage, prose } from "./parts.ts";
import { sentAttachment, sentFact, sentStep, sentSubject } from "./sent.ts";

const entry = {
  audience: audience.default("partners"),
  by: z
    .enum(["party", "customer"])
    .default("party")
    .meta({ description: "The author of the text: a person of the party, or the customer" }),
  subject: sentSubject.optional(),
  ...actingPerson,
};
const text = prose(4000);

/** `POST /v1/cases/{id}/entries`: adds an entry to the dossier. */
export const addEntryRequest = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("note"), text, ...entry }),
    z.strictObject({ kind: z.literal("hypothesis"), text, ...entry }),
    z.strictObject({ kind: z.literal("message"), text, ...entry }),
    z.strictObject({ kind: z.literal("decision"), text, ...entry }),
    z.strictObject({
      kind: z.literal("step-tried"),
      step: sentStep,
      text: text.optional(),
      again: note.optional().meta({ description: "The reason to repeat a step that was tried on this device" }),
      ...entry,
    }),
    z.strictObject({ kind: z.literal("attachment"), attachment: sentAttachment, text: text.optional(), ...entry }),
    z.strictObject({ kind: z.literal("fact"), fact: sentFact, text: text.optional(), ...entry }),
  ])
  .meta({
    id: "AddEntry",
    examples: [
      {
        kind: "step-tried",
        step: { name: "restart", parameters: {}, outcome: "failed" },
        audience: "partners",
        person: "rep-7",
      },
    ],
  });

const presentedEntry = z
  .object({
    ...authoredFields,
    kind: entryKind,
    audience,
    by: z.enum(["party", "customer"]),
    news: z.boolean().meta({ description: "False for a repetition, which does not count as progress" }),
    text: z.string().optional(),
    step: triedStep.optional(),
    fact: fact.optional(),
    attachment: attachment.optional(),
    of: entryOf.optional(),
    repeats: z.object({ entryId: z.string(), reason: z.string() }).optional(),
    chain: entryChain.optional().meta({
      description:
        "`shared`: all companies of the case read the entry. `internal`: only your company reads it. Each chain has its own numbers and hashes. Absent if the case was opened before internal chains existed",
    }),
    hash: z.string().optional(),
  })
  .meta({ id: "Entry" });
export const entryResultPage = resultPage(presentedEntry).meta({ id: "EntryPage" });

export const addEntryResponse = z
  .object({
    ...commandResponseFields,
    id: authoredFields.id,
    number: z.int().meta({ description: "The place of the entry in its chain, from 1" }),
    news: z.boolean(),
  })
  .meta({ id: "EntryAdded" });

export type PresentedEntry = z.infer<typeof presentedEntry>;
