import { expect, test } from "vitest";
import { attachmentFault, attachmentLimits } from "../../src/dossier/attachment.ts";

const good = {
  name: "screen.png",
  mediaType: "image/png",
  bytes: 1_000,
  sha256: "0".repeat(64),
  url: "https://files.northtel.example/screen.png",
};

test.each([
  ["correct", {}, undefined],
  ["of the maximum size", { bytes: attachmentLimits.bytes }, undefined],
  ["a byte too large", { bytes: attachmentLimits.bytes + 1 }, "/attachment/bytes"],
  ["a program", { mediaType: "application/x-msdownload" }, "/attachment/mediaType"],
  ["a page with scripts", { mediaType: "text/html" }, "/attachment/mediaType"],
  ["a drawing with scripts", { mediaType: "image/svg+xml" }, "/attachment/mediaType"],
  ["a name with another folder", { name: "../../etc/passwd" }, "/attachment/name"],
  ["a name with another folder on Windows", { name: "..\\x" }, "/attachment/name"],
  ["without a name", { name: ".." }, "/attachment/name"],
])("the check of attachments gives the right result for an attachment that is %s", (_, change, at) => {
  expect(attachmentFault({ ...good, ...change })?.at).toBe(at);
});
