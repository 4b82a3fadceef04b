/** Placeholder. */
export function CustomerScreen() {
  return <h1>Your case</h1>;
}
