import { useEffect, useRef } from "react";

type SignInScreenProps = { readonly title: string; readonly detail: string };

/** Explains to a visitor how to sign in. A person whose company has an issuer signs in there. */
export function SignInScreen({ title, detail }: SignInScreenProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const begin = (data: FormData): void => {
    const returnTo = encodeURIComponent(location.pathname + location.search);
    const company = encodeURIComponent(data.get("company") as string);
    location.assign(`/v1/session/oidc/${company}?returnTo=${returnTo}`);
  };
  return (
    <main className="sign-in">
      <p className="brand">Crossline</p>
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      <p>{detail}</p>
      <form action={begin}>
        <label htmlFor="company">Your company’s name in Crossline, for example northtel</label>
        <input
          id="company"
          name="company"
          required
          pattern="[a-z0-9][a-z0-9\-]*"
          autoComplete="organization"
          autoCapitalize="none"
        />
        <button type="submit">Sign in at your company</button>
      </form>
    </main>
  );
}
