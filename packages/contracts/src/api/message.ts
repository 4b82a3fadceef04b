import { z } from "zod";
import { messageContent, messageMark, messageTextMax, messageVia } from "../events/message.ts";
import { actor, channel, instant } from "../events/vocabulary.ts";
import { zone } from "../calendar.ts";
import { mailAddress } from "../roster.ts";
import { actingPerson, note, prose, resultPage, sentInstant } from "./parts.ts";
import { commandResponseFields } from "./presented-case.ts";

const text = prose(messageTextMax).meta({
  examples: ["We are sorry. The fault was ours, and a person will call you at ten."],
});

/** The states of an outbound message. */
export const messageState = z.enum(["held", "released", "sent", "failed", "withdrawn"]).meta({
  description:
    "`held`: the guard marked a place, and a person must decide. `released`: the message may be sent. `failed`: it did not reach the customer",
});

const messageId = z.string().meta({ examples: ["ms_01jnrf8k1m3n5p7r9s1t3v5w7x"] });

/** `POST /v1/cases/{id}/messages`: writes a message to the customer. */
export const writeMessageRequest = z
  .strictObject({
    text,
    channel: z.enum(["mail", "sms", "web", "social", "other"]).default("mail"),
    via: messageVia.default("crm").meta({
      description:
        "`crm`: your CRM sends the message and reports `sent`. `mail`: Crossline sends it in the mail thread of the case",
    }),
    to: mailAddress
      .optional()
      .meta({ description: "The customer's mail address, only for `mail`. Default: the address of the case" }),
    reason: note.optional().meta({
      description: "The reason to send the message even if the guard marks a place. The case keeps the reason",
    }),
    ...actingPerson,
  })
  .superRefine(({ via, channel: by, to }, context) => {
    if (via === "mail" && by !== "mail")
      context.addIssue({
        code: "custom",
        path: ["channel"],
        message: "must be `mail`, because Crossline sends the mail",
      });
    if (via === "crm" && to !== undefined)
      context.addIssue({ code: "custom", path: ["to"], message: "is allowed only if `via` is `mail`" });
  })
  .meta({ id: "WriteMessage", examples: [{ text: "We found the fault and will call you at ten.", person: "rep-7" }] });

/** `…/messages/{messageId}/reword`: changes the text of a held message. */
export const rewordMessageRequest = z
  .strictObject({ text, ...actingPerson })
  .meta({ id: "RewordMessage", examples: [{ text: "We found the fault and will call you at ten." }] });

/** `…/messages/{messageId}/release`: releases a held message. The author needs a reason; a second person does not. */
export const releaseMessageRequest = z
  .strictObject({ reason: note.optional(), ...actingPerson })
  .prefault({})
  .meta({ id: "ReleaseMessage", examples: [{ person: "lead-2" }] });

/** `…/messages/{messageId}/withdraw` and `…/failed`. */
export const endMessageRequest = z
  .strictObject({ reason: note, ...actingPerson })
  .meta({ id: "EndMessage", examples: [{ reason: "The customer called in the meantime." }] });

/** `…/messages/{messageId}/sent`: the CRM reports that it sent the message. */
export const messageSentRequest = z
  .strictObject({
    sentAt: sentInstant.optional().meta({ description: "When the CRM sent the message. Default: now" }),
    ...actingPerson,
  })
  .prefault({})
  .meta({ id: "MessageSent", examples: [{ sentAt: "2026-03-09T14:00:00Z" }] });

const marks = z.array(messageMark).meta({
  description:
    "The places that the guard marks, as offsets in `text`. Each place blames the customer or is only a link",
});

export const messageResponse = z
  .object({ ...commandResponseFields, id: messageId, state: messageState, marks })
  .meta({ id: "MessageChanged" });

export const presentedMessage = z
  .object({
    id: messageId,
    at: instant.meta({ description: "When the message was written" }),
    author: actor,
    channel,
    via: messageVia,
    content: messageContent,
    text: z.string(),
    marks,
    state: messageState,
    stateAt: instant.meta({ description: "When the message reached this state" }),
    releasedBy: actor.optional().meta({ description: "The person who released a message that was held" }),
    reason: z.string().optional().meta({ description: "The reason of the release, withdrawal or failure" }),
  })
  .meta({ id: "Message" });
export const messageResultPage = resultPage(presentedMessage).meta({ id: "MessagePage" });

/** `GET /v1/cases/{id}/messages/draft`: the language (ISO 639-1) and time zone of the customer. */
export const draftQuery = z.strictObject({
  language: z.enum(["en", "fr", "de", "es"]).default("en"),
  zone: zone.default("UTC"),
});

export const draftResponse = z
  .object({
    mistakes: z.int().meta({ description: "The number of mistakes of the carrier that the records of the case show" }),
    text: z.string().optional().meta({
      description:
        "The draft, which names each mistake. Absent without a mistake. A person fills the place in brackets and sends the text as a message",
    }),
  })
  .meta({ id: "MessageDraft" });

export type PresentedMessage = z.infer<typeof presentedMessage>;
