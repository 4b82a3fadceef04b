import type { Brief } from "@crossline/contracts";
import { ResponseFault, send } from "../../api/send.ts";
import { dropToken, keepToken, tokenOf } from "./claim-tokens.ts";

/** The hand-off on which a person of a vendor acts. */
export type Handoff = { readonly id: string; readonly queue: string };

/** The commands of a vendor's desk that need the token of a claim. */
export type DeskCommand =
  | "renew"
  | "release"
  | "accept"
  | "reject"
  | "request-info"
  | "return"
  | "transfer"
  | "resolve";

type ClaimResponse = { readonly token: number; readonly leaseUntil: string; readonly brief: Brief };

/** Commands after which the desk needs no token any more. */
const last: ReadonlySet<DeskCommand> = new Set(["release", "reject", "return", "transfer", "resolve"]);

/** Claims a hand-off, and keeps the token. The same person can claim again, and gets a new token. */
export async function claim({ id, queue }: Handoff, key?: string): Promise<ClaimResponse> {
  const claimed = await send<ClaimResponse>("POST", `/v1/queues/${queue}/handoffs/${id}/claim`, {
    body: {},
    ...(key !== undefined && { key }),
  });
  keepToken(id, claimed.token);
  return claimed;
}

/**
 * Sends a command with the token of the last claim. Without a token, the function claims the hand-off again first. Throws the
 * ResponseFault of a refusal. A token that is no longer valid is forgotten.
 */
export async function commandDesk(handoff: Handoff, command: DeskCommand, fields: object, key?: string): Promise<void> {
  const { id, queue } = handoff;
  const token = tokenOf(id) ?? (await claim(handoff)).token;
  try {
    await send("POST", `/v1/queues/${queue}/handoffs/${id}/${command}`, {
      body: { ...fields, token },
      ...(key !== undefined && { key }),
    });
  } catch (fault) {
    if (fault instanceof ResponseFault && fault.problem.code === "stale_token") dropToken(id);
    throw fault;
  }
  if (command === "accept") keepToken(id, token, true);
  else if (last.has(command)) dropToken(id);
}
