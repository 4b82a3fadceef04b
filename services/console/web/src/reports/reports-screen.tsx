/** Placeholder. */
export function ReportsScreen() {
  return <h1>Reports</h1>;
}
