import { z } from "zod";
import { instant, partyId } from "../events/vocabulary.ts";
import { presentedCase, authoredFields } from "./presented-case.ts";
import { presentedContact } from "./contact.ts";

const hash = z
  .string()
  .meta({ description: "SHA-256", examples: ["b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c"] });
const link = { number: z.int(), previous: hash.optional(), hash: hash.optional() };
const readable = z.object({ ...link, at: instant, entry: z.looseObject({ entryId: authoredFields.id }) });
const hidden = z.object({
  ...link,
  hidden: z.boolean().meta({ description: "Always true: the entry is internal to another company", examples: [true] }),
});
const chain = z.object({ entries: z.array(readable), head: hash.optional() });
const common = {
  exportedAt: instant,
  exportedFor: partyId,
  case: presentedCase,
  contacts: z.array(presentedContact),
  digest: hash.meta({ description: "SHA-256 of the canonical JSON of all other members" }),
};

/**
 * `GET /v1/cases/{id}/dossier`: the fields of an export file on which a program can rely. The domain package writes and
 * verifies the file.
 */
export const exportedDossier = z
  .union([
    z.object({ format: z.literal("crossline.dossier/2"), ...common, shared: chain, internal: chain }),
    z.object({
      format: z.literal("crossline.dossier/1"),
      ...common,
      entries: z.array(z.union([readable, hidden])),
      head: hash.optional(),
    }),
  ])
  .meta({ id: "ExportedDossier" });
