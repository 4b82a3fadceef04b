/** Placeholder. */
export function DutyScreen() {
  return <h1>Duty</h1>;
}
