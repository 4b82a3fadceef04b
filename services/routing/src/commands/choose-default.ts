import { type LineRef, type Refusal, isImportName, refusal, topics, wall } from "@crossline/contracts";
import { builtinRef, eventOf } from "@crossline/domain";
import { appendToOutbox } from "@crossline/messaging";
import { type Tx, now } from "@crossline/postgres";
import { findDefault, saveDefault } from "../store/line-defaults.ts";
import { findLine, lockLines, nameOf } from "../store/lines.ts";
import { type CommandDeps, addTrace } from "./change-case.ts";

/** Returns the carrier's default line, or the built-in line if the carrier has no default line. */
export async function defaultOf(tx: Tx, carrier: string): Promise<LineRef> {
  const chosen = await findDefault(tx, carrier);
  const row = chosen === undefined ? undefined : await findLine(tx, carrier, chosen.name);
  return row === undefined ? builtinRef : { carrier, name: row.name, version: row.version };
}

/**
 * Makes a published line the default line of its carrier. If the line is already the default line, routing publishes no event.
 */
export async function chooseDefault(
  deps: CommandDeps,
  carrier: string,
  name: string,
  traceparent: string | undefined,
): Promise<LineRef | Refusal> {
  const result = await deps.database.transaction(async (tx): Promise<LineRef | Refusal> => {
    await lockLines(tx, carrier);
    // A line of an import cannot be the default line, since routing deletes the line together with the import.
    const row = isImportName(name) ? undefined : await findLine(tx, carrier, name);
    if (row === undefined) {
      const message = `must name a published line of the carrier; ${name} is not published`;
      return refusal("unknown_line", `/name ${message}.`, { fields: [{ at: "/name", message }] });
    }
    const line = { carrier, name, version: row.version };
    const before = await findDefault(tx, carrier);
    if (before?.name === name) return line;
    const sequence = (before?.sequence ?? 0) + 1;
    const data = { carrier, name };
    const event = eventOf("line.defaulted", data, {
      topic: topics.line,
      key: `${carrier}/default`,
      sequence,
      time: await now(tx),
      timeline: wall,
      // The default line's record names the line's record as its cause, since a consumer must apply the line before the choice.
      after: [{ topic: topics.line, key: nameOf(line), sequence: 1 }],
    });
    await saveDefault(tx, carrier, { name, sequence });
    await appendToOutbox(tx, addTrace([event], traceparent));
    return line;
  });
  deps.onCommitted([]);
  return result;
}
