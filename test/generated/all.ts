import { obligationsDocument, rightsDocument } from "@crossline/domain/documents";
import { commandLineDocument } from "./command-line.ts";
import { configurationDocument } from "./configuration.ts";
import { eventsDocument } from "./events.ts";
import { statesDocument } from "./states.ts";

/** Returns the texts of all generated files of the repository. The key is the path of a file. */
export function generatedFiles(): ReadonlyMap<string, string> {
  return new Map([
    ["docs/events.md", eventsDocument()],
    ["docs/command-line.md", commandLineDocument()],
    ["docs/configuration.md", configurationDocument()],
    ["docs/obligations.md", obligationsDocument()],
    ["docs/rights.md", rightsDocument()],
    ["docs/rules/states.md", statesDocument()],
  ]);
}
