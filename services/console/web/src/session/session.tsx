import type { Me } from "@crossline/contracts";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, createContext, use, useEffect, useState } from "react";
import { meQuery } from "../api/queries.ts";
import { ResponseFault } from "../api/send.ts";
import { ProblemNote } from "../ui/problem-note.tsx";
import { SignInScreen } from "./sign-in-screen.tsx";
import { signIn, takeToken } from "./sign-in.ts";

const SessionContext = createContext<Me | undefined>(undefined);

/** Returns the person who is signed in. Only components inside a SessionGate can call it. */
export function useMe(): Me {
  const me = use(SessionContext);
  if (me === undefined) throw new Error("The component is outside the SessionGate.");
  return me;
}

/** Shows its children to a person who is signed in, and the sign-in screen to other visitors. */
export function SessionGate({ children }: { readonly children: ReactNode }) {
  const [token] = useState(takeToken);
  const [link, setLink] = useState<{ readonly isUsed: boolean; readonly fault?: unknown }>({
    isUsed: token === undefined,
  });
  useEffect(() => {
    if (token === undefined) return;
    signIn(token).then(
      () => setLink({ isUsed: true }),
      (fault: unknown) => setLink({ isUsed: true, fault }),
    );
  }, [token]);
  const { data: me, error, refetch } = useQuery({ ...meQuery, enabled: link.isUsed && link.fault === undefined });
  if (link.fault instanceof ResponseFault && link.fault.status < 500) {
    return <SignInScreen title="This link does not work" detail={link.fault.message} />;
  }
  if (error instanceof ResponseFault && error.status === 401) {
    return (
      <SignInScreen
        title="Sign in"
        detail="Open the sign-in link that you received, or sign in at your company. Your session may have ended."
      />
    );
  }
  if (link.fault !== undefined || (error !== null && me === undefined)) {
    return (
      <main className="sign-in">
        <h1>Crossline did not respond</h1>
        <ProblemNote
          fault={link.fault ?? error}
          onRetry={() => (link.fault === undefined ? refetch() : location.reload())}
        />
      </main>
    );
  }
  if (me === undefined) return <main aria-busy="true" />;
  return <SessionContext value={me}>{children}</SessionContext>;
}
