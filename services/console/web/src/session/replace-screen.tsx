type ReplaceScreenProps = {
  /** The person who is signed in, for example `northtel rep-7`. */
  readonly owner: string;
  readonly onSignIn: () => void;
  readonly onStay: () => void;
};

/** Asks whether a sign-in link replaces the session of this browser. The link can be of another person. */
export function ReplaceScreen({ owner, onSignIn, onStay }: ReplaceScreenProps) {
  const [company, person] = owner.split(" ");
  return (
    <main className="sign-in">
      <p className="brand">Crossline</p>
      <h1>Sign in with the link?</h1>
      <p>
        This browser is signed in as {person} of {company}. The link ends this session here, in all tabs.
      </p>
      <p className="actions">
        <button type="button" className="main" onClick={onSignIn}>
          Sign in with the link
        </button>
        <button type="button" onClick={onStay}>
          Stay signed in
        </button>
      </p>
    </main>
  );
}
