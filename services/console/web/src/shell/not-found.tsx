import { Link } from "@tanstack/react-router";

/** Says that an address has no screen. */
export function NotFound() {
  return (
    <main className="sign-in">
      <h1>This address has no screen</h1>
      <p>
        <Link to="/app/board">Open the board</Link>
      </p>
    </main>
  );
}
