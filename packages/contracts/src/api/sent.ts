import { z } from "zod";
import { attachment } from "../events/entry.ts";
import { evidence } from "../events/handoff.ts";
import { device, engineer, fact, triedStep, subject } from "../events/vocabulary.ts";
import { identifier, label, textRow, prose } from "./parts.ts";

/*
 * The schemas of the parts of events that requests contain. The schemas of the events are more lenient, so that stored events
 * can always be read. Texts in requests are trimmed, have one normal form, and are neither blank nor disguised.
 */

/**
 * Personal data. Crossline reads a telephone number by the rules of the carrier's country: see `readNumbers` of the domain
 * package.
 */
export const sentSubject = z
  .strictObject({
    ...subject.shape,
    name: textRow(200).optional(),
    phone: label(40).optional().meta({
      description: "A number to call back. Crossline stores the number as `+` and digits if it can parse the number",
    }),
    email: identifier(254).optional().meta({
      description:
        "The customer's mail address, without a distinction of upper and lower case. Contacts with the same address can join the same case",
    }),
    msisdn: identifier(20).optional().meta({
      description:
        "With `+` and the country code, or as people dial the number in the carrier's country if a country is set",
    }),
    imei: identifier(20).optional(),
    esn: identifier(20).optional(),
    iccid: identifier(24).optional(),
    customerId: identifier(64).optional(),
  })
  .meta({ id: "SentSubject" });

/** A device. Similar cases have the same model, and match conditions can read the model. */
export const sentDevice = z.strictObject({
  ...device.shape,
  model: label(100).optional(),
  os: label(60).optional(),
});

/** A person at a company. */
export const sentEngineer = z.strictObject({ ...engineer.shape, name: textRow(200), contact: textRow(254) });

const parametersMax = 50;

/** A tried step. The parameters have one spelling, because Crossline compares them to recognize the same step. */
export const sentStep = z.strictObject({
  ...triedStep.shape,
  parameters: z
    .record(label(64), z.union([z.literal(""), label(200)]))
    .refine((all) => Object.keys(all).length <= parametersMax, `must have at most ${parametersMax} parameters`)
    .default({}),
});

/** A fact. */
export const sentFact = z.strictObject({ ...fact.shape, value: prose(1000) });

/** The evidence that a case does not belong to this vendor. */
export const sentEvidence = z.strictObject({
  ...evidence.shape,
  test: prose(1000),
  result: prose(1000),
  wouldChangeOurMind: prose(1000),
});

/**
 * An attachment, whose file is stored outside Crossline. A file name with characters that change the text direction could
 * disguise the type of the file.
 */
export const sentAttachment = z.strictObject({ ...attachment.shape, name: textRow(200) });
