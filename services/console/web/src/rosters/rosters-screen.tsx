/** Placeholder. */
export function RostersScreen() {
  return <h1>Rosters</h1>;
}
