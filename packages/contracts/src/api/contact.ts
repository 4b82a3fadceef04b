import { z } from "zod";
import { channel, contactContent } from "../events/vocabulary.ts";
import { openCaseRequest } from "./case.ts";
import { commandResponseFields, presentedCase, authoredFields } from "./presented-case.ts";
import { actingPerson, resultPage } from "./parts.ts";
import { sentSubject } from "./sent.ts";

const direction = z
  .enum(["inbound", "outbound"])
  .default("inbound")
  .meta({ description: "`inbound` is an act of the customer, even if a program recorded it" });
const content = contactContent.default("inquiry").meta({
  description:
    "`inquiry`: the customer asks or reports something. `still-broken`, `works`: the customer's verdict on the fix, only inbound. `answer`: a person's answer, outbound. `auto-reply`: a program's message without an effect. `article`: a link to an article",
});

/** The fields of a contact, except for the channel. */
const contactFields = { direction, content };

/** Refuses `still-broken` and `works` in an outbound contact, because only the customer gives these verdicts. */
function refuseOutboundVerdict(
  { direction: towards, content: said }: { direction: string; content: string },
  context: z.core.$RefinementCtx,
): void {
  if (towards === "outbound" && (said === "still-broken" || said === "works"))
    context.addIssue({
      code: "custom",
      path: ["content"],
      message: "is the customer's own verdict: send it as inbound",
    });
}

/** `POST /v1/cases/{id}/contacts`: records a contact with the customer. */
export const addContactRequest = z
  .strictObject({ channel, ...contactFields, subject: sentSubject.optional(), ...actingPerson })
  .superRefine(refuseOutboundVerdict)
  .meta({ id: "AddContact", examples: [{ channel: "mail", direction: "inbound", content: "still-broken" }] });

/**
 * `POST /v1/contacts`: records a contact without a case id. The contact joins an open case of the same device or customer. If
 * neither the device nor the customer has an open case, the contact opens a case. A contact with the content `auto-reply` or
 * `works` never opens a case. A vendor's contact joins a case of the device that the vendor has accepted.
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
    joined: z.boolean().meta({ description: "False if the contact opened a case" }),
    waiting: z
      .boolean()
      .meta({ description: "True for a vendor's contact about a device of which the vendor has accepted no case" }),
    handlingId: z.string().optional().meta({
      description:
        "The live handling that the field `handling` of the request started. Absent if the case accepts no handling",
    }),
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

export type PresentedContact = z.infer<typeof presentedContact>;
