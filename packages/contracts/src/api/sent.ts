import { z } from "zod";
import { attachment } from "../events/case.ts";
import { evidence } from "../events/handoff.ts";
import { device, engineer, fact, triedStep, subject } from "../events/vocabulary.ts";
import { identifier, label, textRow, prose } from "./parts.ts";

/*
 * Parts of events as clients send them. They are stricter than the events: what was stored once can always be read, and what comes
 * in is trimmed, in one normal form, and has no text that is blank or disguised.
 */

/** Personal data. A telephone number is read under the country of its carrier: see the domain's `readNumbers`. */
export const sentSubject = z
  .strictObject({
    ...subject.shape,
    name: textRow(200).optional(),
    phone: label(40).optional().meta({
      description: "Any number to call back. It is written as `+` and digits where it can be read",
    }),
    email: identifier(254).optional().meta({
      description: "The customer's mail address. Contacts of one address join; upper and lower case are the same",
    }),
    msisdn: identifier(20).optional().meta({
      description: "With `+` and the country's code, or as it is dialled in the carrier's country, where one is set",
    }),
    imei: identifier(20).optional(),
    esn: identifier(20).optional(),
    iccid: identifier(24).optional(),
    customerId: identifier(64).optional(),
  })
  .meta({ id: "SentSubject" });

/** A device. Cases are alike, and lines match, by its model. */
export const sentDevice = z.strictObject({
  ...device.shape,
  model: label(100).optional(),
  os: label(60).optional(),
});

/** A person at a company. */
export const sentEngineer = z.strictObject({ ...engineer.shape, name: textRow(200), contact: textRow(254) });

const parametersMax = 50;

/** A step that was tried. Its parameters say whether it is the same step, so they have one form. */
export const sentStep = z.strictObject({
  ...triedStep.shape,
  parameters: z
    .record(label(64), z.union([z.literal(""), label(200)]))
    .refine((all) => Object.keys(all).length <= parametersMax, `must have at most ${parametersMax} parameters`)
    .default({}),
});

/** An item of knowledge. */
export const sentFact = z.strictObject({ ...fact.shape, value: prose(1000) });

/** What shows that a case does not belong here. */
export const sentEvidence = z.strictObject({
  ...evidence.shape,
  test: prose(1000),
  result: prose(1000),
  wouldChangeOurMind: prose(1000),
});

/** A file that lies elsewhere. A name whose direction is turned hides what kind of file it is. */
export const sentAttachment = z.strictObject({ ...attachment.shape, name: textRow(200) });
