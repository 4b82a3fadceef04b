/** Placeholder. */
export function OperationsScreen() {
  return <h1>Operations</h1>;
}
