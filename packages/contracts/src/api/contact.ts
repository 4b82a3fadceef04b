import { z } from "zod";
import { channel, contactContent, instant, slug } from "../events/vocabulary.ts";
import { openCaseRequest } from "./case.ts";
import { commandResponseFields, presentedCase, authoredFields } from "./presented-case.ts";
import { actingPerson, resultPage } from "./parts.ts";
import { sentSubject } from "./sent.ts";

const direction = z
  .enum(["inbound", "outbound"])
  .default("inbound")
  .meta({ description: "inbound: the customer's own act, whatever recorded it" });
const content = contactContent.default("inquiry").meta({
  description:
    "inquiry: anything that the customer wants. still-broken, works: the customer's word on the cure, inbound only. answer: a person's, outbound. auto-reply: a program's, which changes nothing. article: a link to one",
});

/** What a contact is, beside its channel. */
const contactFields = { direction, content };

/** `still-broken` and `works` are the customer's own word: what a rep says to the customer is neither. */
function refuseOutboundVerdict(
  { direction: towards, content: said }: { direction: string; content: string },
  context: z.core.$RefinementCtx,
): void {
  if (towards === "outbound" && (said === "still-broken" || said === "works"))
    context.addIssue({ code: "custom", path: ["content"], message: "is the customer's own word: send it as inbound" });
}

/** `POST /v1/cases/{id}/contacts`: a contact with the customer. */
export const addContactRequest = z
  .strictObject({ channel, ...contactFields, subject: sentSubject.optional(), ...actingPerson })
  .superRefine(refuseOutboundVerdict)
  .meta({ id: "AddContact", examples: [{ channel: "mail", direction: "inbound", content: "still-broken" }] });

/**
 * `POST /v1/contacts`: somebody got in touch. The contact joins an open case of the same device or customer, else it opens
 * one. An automatic reply, or a word that it works, opens none. A vendor's own contact joins when it has accepted the case of
 * that device.
 */
export const contactRequest = z
  .strictObject({ ...openCaseRequest.shape, ...contactFields })
  .superRefine(refuseOutboundVerdict)
  .meta({
    id: "ContactToJoin",
    examples: [
      {
        carrierCaseId: "NT-4712",
        line: "handheld-consumer",
        title: "Handheld is out of memory",
        channel: "mail",
        direction: "inbound",
        content: "inquiry",
        subject: { msisdn: "+14165550100" },
      },
    ],
  });

export const contactResponse = z
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

export const presentedContact = z
  .object({
    ...authoredFields,
    channel,
    direction: z.enum(["inbound", "outbound"]),
    content: contactContent,
  })
  .meta({ id: "Contact" });
export const contactResultPage = resultPage(presentedContact).meta({ id: "ContactPage" });

export const addContactResponse = z
  .object({ ...commandResponseFields, id: authoredFields.id, number: z.int() })
  .meta({ id: "ContactAdded" });

export const problemList = z
  .object({
    items: z.array(
      z.object({
        id: z.string().meta({ examples: ["pb_01jnrfc7f9h1k3m5n7p9r1s3t5"] }),
        kind: slug,
        channel,
        item: z.string().meta({ examples: ["os-version"] }),
        cases: z.int().meta({ description: "How many cases had it missing when it became a problem" }),
        openedAt: instant,
        caseId: commandResponseFields.caseId.meta({ description: "The case that tipped it" }),
      }),
    ),
  })
  .meta({ id: "ProblemList" });

export type PresentedContact = z.infer<typeof presentedContact>;
