import { z } from "zod";

/** The kinds of entries in a dossier (docs/rules/dossier.md). */
export const entryKind = z.enum(["note", "step-tried", "fact", "hypothesis", "attachment", "message", "decision"]);

/** An attachment, whose file is stored outside Crossline. The size and the hash show whether the file has changed. */
export const attachment = z.strictObject({
  name: z.string().min(1).max(200),
  mediaType: z.string().max(100),
  bytes: z.int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  url: z.url({ protocol: /^https$/ }).max(2000),
});

/** The chain of an entry: see packages/domain/src/case/chains.ts. */
export const entryChain = z.enum(["shared", "internal"]);

/**
 * The maximum length of an entry's text. The longest text comes from a hand-off command, whose fields get labels in the text.
 */
export const entryTextMax = 5000;

/** The event from which the text of an entry comes. The event's record key is the case id. */
export const entryOf = z
  .object({
    topic: z.string(),
    sequence: z
      .int()
      .meta({ description: "The sequence of the event. On the case topic, internal entries are not counted" }),
  })
  .meta({
    description:
      "The event of the command from which the text of this entry comes. Absent if a company added the entry itself",
  });

export type EntryKind = z.infer<typeof entryKind>;
export type EntryOf = z.infer<typeof entryOf>;
export type Attachment = z.infer<typeof attachment>;
