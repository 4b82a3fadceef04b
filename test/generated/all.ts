import { obligationsDocument, rightsDocument } from "@crossline/domain/documents";
import { configurationDocument } from "./configuration.ts";
import { eventsDocument } from "./events.ts";
import { statesDocument } from "./states.ts";

/** Returns the text of every generated file of the repository, by its path. */
export function generatedFiles(): ReadonlyMap<string, string> {
  return new Map([
    ["docs/events.md", eventsDocument()],
    ["docs/configuration.md", configurationDocument()],
    ["docs/obligations.md", obligationsDocument()],
    ["docs/rights.md", rightsDocument()],
    ["docs/rules/states.md", statesDocument()],
  ]);
}
