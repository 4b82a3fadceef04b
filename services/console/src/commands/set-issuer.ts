import type { Party } from "@crossline/access";
import { type Refusal, type SetIssuerRequest, isRefusal, refusal } from "@crossline/contracts";
import { rolesOfKind } from "@crossline/domain";
import type { Database, Tx } from "@crossline/postgres";
import { discoverIssuer } from "../issuers/discover.ts";
import { sealSecret } from "../issuers/secrets.ts";
import { type IssuerRow, deleteIssuer, lockIssuer, saveIssuer } from "../store/issuers.ts";
import { endSessionsOfIssuer } from "../store/sessions.ts";
import { deleteSignIns } from "../store/sign-ins.ts";

/**
 * Saves the issuer of a party after its metadata was read. Sign-ins that began before end. If the issuer or the client is another one, the
 * sessions end too, because no logout of the new issuer can reach them.
 */
export async function setIssuer(
  { database, internalKey }: { readonly database: Database; readonly internalKey: string },
  { party, kind }: Pick<Party, "party" | "kind">,
  { issuer, clientId, clientSecret, ...claims }: SetIssuerRequest,
): Promise<IssuerRow | Refusal> {
  // The route of the callback has this place in the address of a sign-in.
  if (party === "callback") return refuseField("/party", "must not be callback");
  const foreign = Object.entries(claims.roleMap ?? {}).find(([, role]) => !rolesOfKind(kind).includes(role));
  if (foreign !== undefined)
    return refuseField(`/roleMap/${pointerOf(foreign[0])}`, `must be one of ${rolesOfKind(kind).join(", ")}`);
  const sealed = clientSecret === undefined ? null : sealSecret(clientSecret, internalKey);
  const row = { party, issuer, clientId, clientSecret: sealed, claims };
  const discovered = await discoverIssuer({ ...row, changedAt: 0 }, internalKey);
  if (isRefusal(discovered)) return refuseField("/issuer", `must be an issuer in use. ${discovered.detail}`);
  return database.transaction(async (tx) => {
    const earlier = await lockIssuer(tx, party);
    const isOther = earlier !== undefined && (earlier.issuer !== issuer || earlier.clientId !== clientId);
    await endEarlier(tx, party, isOther);
    return saveIssuer(tx, row);
  });
}

/** Deletes the issuer of a party with its sign-ins and sessions. Returns false if the party has no issuer. */
export function removeIssuer(database: Database, party: string): Promise<boolean> {
  return database.transaction(async (tx) => {
    const isDeleted = await deleteIssuer(tx, party);
    if (isDeleted) await endEarlier(tx, party, true);
    return isDeleted;
  });
}

async function endEarlier(tx: Tx, party: string, endsSessions: boolean): Promise<void> {
  await deleteSignIns(tx, party);
  if (endsSessions) await endSessionsOfIssuer(tx, party);
}

function refuseField(at: string, message: string): Refusal {
  return refusal("invalid_request", `The issuer was not saved: ${at} ${message}.`, { fields: [{ at, message }] });
}

function pointerOf(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}
