import type { FastifyReply, FastifyRequest } from "@crossline/service";
import { type Cell, writeCsv } from "./csv.ts";

export const csvType = "text/csv";

/** Returns true if the caller wants a table as CSV, by the query or by the header `Accept`. */
export function wantsCsv({ headers }: Pick<FastifyRequest, "headers">, format: "json" | "csv" | undefined): boolean {
  return format === "csv" || (format === undefined && headers.accept?.split(";")[0]?.trim() === csvType);
}

/** A report as a table: the name of its file, the header and the rows. */
export type Table = {
  readonly name: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
};

/** Sends a report as a CSV file. The declared type of the response is the type of the JSON form. */
export function sendCsv(reply: unknown, { name, header, rows }: Table): FastifyReply {
  const plain = reply as FastifyReply;
  void plain.header("content-disposition", `attachment; filename="${name}.csv"`);
  return plain.type(`${csvType}; charset=utf-8; header=present`).send(writeCsv(header, rows));
}
