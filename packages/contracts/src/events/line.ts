import { z } from "zod";
import { lineDocument } from "../line.ts";
import { lineRef, partyId, slug } from "./vocabulary.ts";

/** The facts of `crossline.line.v1` (compacted), told by routing. */
export const lineEvents = {
  /** Keyed `<carrier>/<name>@<version>`; a version never changes. */
  "line.published": z.object({ line: lineRef, document: lineDocument }),
  /** Keyed `<carrier>/default`: what a case gets that names no line. */
  "line.defaulted": z.object({ carrier: partyId, name: slug }),
} as const;
