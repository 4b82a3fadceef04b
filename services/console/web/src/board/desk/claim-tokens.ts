/**
 * The token of a claim is kept for the tab, so that a reload keeps it. After an acceptance, no new claim can return the token, so it is then
 * kept for the browser. The token is a number that orders claims. It gives no right.
 */
const keyOf = (handoff: string): string => `crossline.claim.${handoff}`;

/** Returns the token of the last claim of a hand-off in this browser. */
export function tokenOf(handoff: string): number | undefined {
  const kept = sessionStorage.getItem(keyOf(handoff)) ?? localStorage.getItem(keyOf(handoff));
  return kept === null ? undefined : Number(kept);
}

/** Keeps the token of a claim. `isAccepted` keeps it after the end of the tab too. */
export function keepToken(handoff: string, token: number, isAccepted = false): void {
  sessionStorage.setItem(keyOf(handoff), String(token));
  if (isAccepted) localStorage.setItem(keyOf(handoff), String(token));
}

/** Forgets the token of a hand-off that has ended, or whose token is no longer valid. */
export function dropToken(handoff: string): void {
  sessionStorage.removeItem(keyOf(handoff));
  localStorage.removeItem(keyOf(handoff));
}
