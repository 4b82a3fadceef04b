import { type LoggedAction, sha256 } from "@crossline/contracts";
import { canonicalJson } from "../dossier/canonical.ts";

/** The content of a row of the action log, which its hash covers. */
export type ActionContent = Omit<LoggedAction, "hash">;

/**
 * Returns the hash of a row of the action log. The hash covers the hash of the row before, so a changed, removed or moved row changes
 * every later hash. The first row has no row before.
 */
export function actionHash(previous: string | undefined, content: ActionContent): string {
  return sha256(`${previous ?? ""}${canonicalJson(content)}`);
}
