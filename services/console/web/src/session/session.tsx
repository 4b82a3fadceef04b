import type { Me } from "@crossline/contracts";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, createContext, use, useEffect, useState } from "react";
import { isTransient, meQuery } from "../api/queries.ts";
import { ResponseFault } from "../api/send.ts";
import { ProblemNote } from "../ui/problem-note.tsx";
import { knownOwner, ownerOf, readOwner, watchOtherTabs } from "./owner.ts";
import { ReplaceScreen } from "./replace-screen.tsx";
import { SignInScreen } from "./sign-in-screen.tsx";
import { hasToken, signIn, takeRefusal, takeToken } from "./sign-in.ts";

const SessionContext = createContext<Me | undefined>(undefined);

/** Returns the person who is signed in. Only components inside a SessionGate can call it. */
export function useMe(): Me {
  const me = use(SessionContext);
  if (me === undefined) throw new Error("The component is outside the SessionGate.");
  return me;
}

/** Shows its children to a person who is signed in, and the sign-in screen to other visitors. */
export function SessionGate({ children }: { readonly children: ReactNode }) {
  const [token, setToken] = useState(takeToken);
  // A link of another person must not replace the session without a word.
  const [replaced, setReplaced] = useState(() => (token === undefined ? undefined : knownOwner()));
  const [refused] = useState(takeRefusal);
  const [link, setLink] = useState<{ readonly isUsed: boolean; readonly fault?: unknown }>({
    isUsed: token === undefined,
  });
  useEffect(() => {
    if (token === undefined || replaced !== undefined || link.isUsed) return;
    signIn(token).then(
      () => setLink({ isUsed: true }),
      (fault: unknown) => setLink({ isUsed: true, fault }),
    );
  }, [token, replaced, link.isUsed]);
  const { me, error, refetch } = useOwner(link.isUsed && link.fault === undefined);
  if (token !== undefined && replaced !== undefined) {
    const stay = (): void => {
      setToken(undefined);
      setLink({ isUsed: true });
    };
    return <ReplaceScreen owner={replaced} onSignIn={() => setReplaced(undefined)} onStay={stay} />;
  }
  if (link.fault instanceof ResponseFault && !isTransient(link.fault)) {
    return <SignInScreen title="This link does not work" detail={link.fault.message} />;
  }
  if (error instanceof ResponseFault && error.status === 401) {
    return (
      <SignInScreen
        title={refused === undefined ? "Sign in" : "You could not sign in"}
        detail={
          refused ?? "Open the sign-in link that you received, or sign in at your company. Your session may have ended."
        }
      />
    );
  }
  if (link.fault !== undefined || (error !== null && me === undefined)) {
    return (
      <main className="sign-in">
        <h1>Crossline did not respond</h1>
        <ProblemNote
          fault={link.fault ?? error}
          // The token is no longer in the address, so the same page uses it again.
          onRetry={() => (link.fault === undefined ? refetch() : setLink({ isUsed: false }))}
        />
      </main>
    );
  }
  if (me === undefined) return <main aria-busy="true" />;
  // Another person begins with new components, which have no rows of the earlier person.
  return (
    <SessionContext key={ownerOf(me)} value={me}>
      {children}
    </SessionContext>
  );
}

/** Reads who is signed in, also after another tab has signed a person in or out. */
function useOwner(enabled: boolean) {
  const client = useQueryClient();
  useEffect(() => watchOtherTabs(client), [client]);
  // A link whose address differs only after `#` loads no page.
  useEffect(() => {
    const hear = (): void => void (hasToken() && location.reload());
    window.addEventListener("hashchange", hear);
    return () => window.removeEventListener("hashchange", hear);
  }, []);
  const {
    data: me,
    error,
    refetch,
  } = useQuery({
    ...meQuery,
    queryFn: ({ signal }) => readOwner(client, signal),
    enabled,
  });
  return { me, error, refetch };
}
