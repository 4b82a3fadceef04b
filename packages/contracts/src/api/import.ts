import { z } from "zod";
import { caseStatus, channel, severity, slug } from "../events/vocabulary.ts";
import { identifier, textRow, sentInstant } from "./parts.ts";
import { sentDevice } from "./sent.ts";

/** The media type of an import: one JSON document per row. */
export const importMediaType = "application/x-ndjson";

/** The maximum length of a row, in bytes. */
export const importRowBytesMax = 65_536;

/**
 * One row of a recorded history. The row describes one act of a person of the holder. The first row of a case opens the case.
 * Intake reads `kind`, `severity`, `title`, `channel`, `device`, `symptom` and `line` only in the first row of a case. The rows
 * of a case must be in the order of their times.
 */
export const importRow = z
  .strictObject({
    row: z.int().min(1).max(1e9).meta({ description: "The number of the row, from 1, without gaps" }),
    carrierCaseId: identifier(100),
    time: sentInstant,
    status: caseStatus,
    person: identifier(64).optional(),
    fields: z.record(z.string().max(100), z.string().max(4000)).optional(),
    kind: slug.optional(),
    severity: severity.optional(),
    title: textRow(200).optional(),
    channel: channel.optional(),
    device: sentDevice.optional(),
    symptom: slug.optional(),
    line: slug.optional().meta({
      description: "An observing line. Default: `line` of the query, or else the carrier's default line",
    }),
  })
  .meta({
    id: "ImportRow",
    examples: [
      { row: 1, carrierCaseId: "INC0000045", time: "2016-02-29T01:16:00Z", status: "acknowledged", title: "No signal" },
    ],
  });

/** The stream: one document of `importRow` per row. */
export const importRows = z.string().meta({
  id: "ImportRows",
  description: "One JSON document per row. Each document is an `ImportRow`, whose schema is under `contentSchema`",
  contentMediaType: importMediaType,
  contentSchema: z.toJSONSchema(z.strictObject(importRow.shape), { io: "input" }),
  examples: [
    '{"row":1,"carrierCaseId":"INC0000045","time":"2016-02-29T01:16:00Z","status":"acknowledged","title":"No signal"}\n',
  ],
});

export const importQuery = z.strictObject({ line: slug.optional() });

export const importResponse = z
  .object({
    importedRows: z.int().meta({ description: "The number of the last imported row" }),
    taken: z.int().meta({ description: "The number of rows of this request that were imported now" }),
    skipped: z.int().meta({ description: "The number of rows of this request that had been imported before" }),
    casesOpened: z.int(),
  })
  .meta({ id: "Imported" });

export type ImportRow = z.infer<typeof importRow>;
