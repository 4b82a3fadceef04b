import { type AuditedLine, builtinLine as auditedBuiltin, readLine } from "@crossline/auditor/audit";
import type { LineDocument, LineRef } from "@crossline/contracts";
import { type Line, builtinLine, compileLine } from "@crossline/domain";
import { document } from "./basic-events.ts";
import { pinned, fullDocuments } from "./full-line-events.ts";

const ref = { carrier: "northtel", name: "test", version: 1 };
const documents: readonly LineDocument[] = [
  document,
  { ...document, mode: "observe" },
  { ...document, handlings: { until: "ended", max: "PT30M" } },
  ...fullDocuments,
];

/** Each line as the domain compiles it, and as the auditor compiles it. */
export const lines: readonly { readonly platform: Line; readonly auditor: AuditedLine }[] = [
  ...documents.map((each, index) => ({
    platform: compileLine({ ...ref, version: index + 1 }, each, pinned),
    auditor: readLine(each, pinned),
  })),
  { platform: builtinLine, auditor: auditedBuiltin },
];

const nameOf = ({ carrier, name, version }: LineRef): string => `${carrier}/${name}@${version}`;
const auditedBy = new Map(lines.map(({ platform, auditor }) => [nameOf(platform.ref), auditor]));
const compiledBy = new Map(lines.map(({ platform }) => [nameOf(platform.ref), platform]));

export function auditedLine(line: LineRef): AuditedLine {
  return auditedBy.get(nameOf(line)) ?? auditedBuiltin;
}

export function lineOf(line: LineRef): Line {
  return compiledBy.get(nameOf(line)) ?? builtinLine;
}
