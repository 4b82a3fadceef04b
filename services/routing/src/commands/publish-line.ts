import {
  type LineDocument,
  type LineRef,
  type PublishedLine,
  type Refusal,
  formatInstant,
  refusal,
  timelineOfLine,
  topics,
  isRefusal,
} from "@crossline/contracts";
import { eventOf, unreachableLastResort } from "@crossline/domain";
import { type IdempotentOutcome, withIdempotency } from "@crossline/idempotency";
import { appendToOutbox } from "@crossline/messaging";
import { type Tx, now } from "@crossline/postgres";
import { findDialling } from "../store/dialling.ts";
import { countLines, insertLine, lockLines, nameOf } from "../store/lines.ts";
import { checkLine, refuseLineFaults } from "./check-line.ts";
import { type CommandRequest, type CommandDeps, addTrace } from "./change-case.ts";

const linesMax = 100;
const versionsMax = 1_000;

/**
 * A submitted line and its carrier. If `name` is present, the document is a new version of that line; otherwise the document is a
 * new line.
 */
export type LinePublication = { readonly carrier: string; readonly name?: string; readonly written: unknown };

/** Publishes a line if lint finds no error. A line version never changes. */
export async function publishLine(
  deps: CommandDeps,
  commandRequest: CommandRequest,
  { carrier, name, written: submitted }: LinePublication,
): Promise<IdempotentOutcome<PublishedLine>> {
  const checked = await checkLine(deps.database, submitted, { carrier, name });
  if (!checked.ok) return refuseLineFaults(checked.faults);
  const outcome = await withIdempotency<PublishedLine>(deps.database, commandRequest, async (tx) => {
    const { document } = checked;
    const calendars = Object.keys(checked.calendars).length === 0 ? undefined : checked.calendars;
    await lockLines(tx, carrier);
    const version = await nextVersion(tx, carrier, document, name === undefined);
    if (isRefusal(version)) return version;
    const createdAt = await now(tx);
    const line: LineRef = { carrier, name: document.line, version };
    const data = { line, document, ...(calendars !== undefined && { calendars }) };
    const event = eventOf("line.published", data, {
      topic: topics.line,
      key: nameOf(line),
      sequence: 1,
      time: createdAt,
      timeline: timelineOfLine(document.line),
    });
    await insertLine(tx, { ...line, document, calendars, createdAt });
    await appendToOutbox(tx, addTrace([event], commandRequest.traceparent));
    const warnings = [...checked.warnings, ...unreachableLastResort(document, await findDialling(tx))];
    return {
      status: 201,
      body: {
        line,
        document,
        ...(calendars !== undefined && { calendars }),
        createdAt: formatInstant(createdAt),
        ...(warnings.length > 0 && { warnings }),
      },
    };
  });
  deps.onCommitted([]);
  return outcome;
}

async function nextVersion(tx: Tx, carrier: string, { line }: LineDocument, isNew: boolean): Promise<number | Refusal> {
  const { lines, versions } = await countLines(tx, carrier, line);
  if (isNew && versions > 0) {
    return refusal(
      "already_exists",
      `There is a line ${line}; publish a new version of it at /v1/lines/${line}/versions.`,
      {
        facts: { newest: versions },
      },
    );
  }
  if (!isNew && versions === 0) return refusal("not_found", `There is no line ${line}; publish it at /v1/lines.`);
  if (versions === 0 && lines >= linesMax)
    return refusal("limit_reached", `A carrier can have at most ${linesMax} lines.`);
  if (versions >= versionsMax) return refusal("limit_reached", `A line can have at most ${versionsMax} versions.`);
  return versions + 1;
}
