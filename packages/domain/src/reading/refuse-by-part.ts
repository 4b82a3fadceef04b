import { type Refusal, refusal } from "@crossline/contracts";
import type { CaseCommand } from "../case/command.ts";
import { type WithReading, readingOf, sightOf } from "./case-reading.ts";

export const noSuchCase = refusal("not_found", "You have no case with this id.");

export const partEnded = refusal("forbidden", "Your part in this case has ended: you read it as of that moment.");

/** A command, as far as it decides whether a vendor whose part has ended may give it. */
type Given =
  | { readonly type: "deliver-promise" | "withdraw-promise"; readonly promiseId: string }
  | { readonly type: Exclude<CaseCommand["type"], "deliver-promise" | "withdraw-promise"> };

/** A company commands a case in which it has a part. One whose part has ended delivers or withdraws its own promise, no more. */
export function refuseByPart(state: WithReading, party: string, command: Given): Refusal | undefined {
  switch (sightOf(readingOf(state), party)) {
    case "whole":
      return undefined;
    case "nothing":
      return noSuchCase;
    case "as-of-its-end":
      return "promiseId" in command && state.reading?.promised[command.promiseId] === party ? undefined : partEnded;
  }
}
