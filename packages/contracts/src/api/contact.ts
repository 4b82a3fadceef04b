import { z } from "zod";
import { channel, instant, slug } from "../events/vocabulary.ts";
import { contactFields, openCaseRequest, presentedCase, refuseOthersWord } from "./case.ts";

/**
 * `POST /v1/contacts`: somebody got in touch. The contact joins an open case of the same device or customer, else it opens
 * one. An automatic reply, or a word that it works, opens none. A vendor's own contact joins when it has accepted the case of
 * that device.
 */
export const contactRequest = z
  .strictObject({ ...openCaseRequest.shape, ...contactFields })
  .superRefine(refuseOthersWord)
  .meta({ id: "ContactToJoin" });

export const contactJoined = z
  .object({
    joined: z.boolean().meta({ description: "False where the contact has opened a case" }),
    waiting: z.boolean().meta({ description: "A vendor's contact whose case has not crossed to it yet" }),
    handlingId: z
      .string()
      .optional()
      .meta({ description: "The live handling that `handling` began; absent where the case takes none any more" }),
    case: presentedCase.optional(),
  })
  .meta({ id: "ContactJoined" });

export const problemList = z
  .object({
    items: z.array(
      z.object({
        id: z.string(),
        kind: slug,
        channel,
        item: z.string(),
        cases: z.int().meta({ description: "How many cases had it missing when it became a problem" }),
        openedAt: instant,
        caseId: z.string().meta({ description: "The case that tipped it" }),
      }),
    ),
  })
  .meta({ id: "ProblemList" });
