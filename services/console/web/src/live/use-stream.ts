import { useEffect, useEffectEvent, useState } from "react";
import type { StreamMessage, StreamName, StreamRequest } from "./messages.ts";
// oxlint-disable-next-line import/default -- Vite gives the address of the worker
import workerUrl from "./stream-worker.ts?sharedworker&url";

/** The state of a stream as a screen shows it. `at` and `since` are milliseconds since 1970. */
export type StreamState =
  | { readonly state: "connecting" }
  | { readonly state: "live"; readonly at: number }
  | { readonly state: "lost"; readonly since: number };

type RowMessage = Exclude<StreamMessage, { kind: "state" }>;

// The policy of the page refuses every address of a script that no named policy of Trusted Types has allowed.
const scripts = window.trustedTypes?.createPolicy("crossline", {
  createScriptURL(address) {
    if (address !== workerUrl) throw new TypeError("This script is not part of Crossline.");
    return address;
  },
});

const aliveEveryMs = 30_000;

/**
 * Receives the changes of a stream after the position `after`, which comes from the board. While `after` is undefined, the hook opens no
 * stream. `session` separates the streams of different sessions. Returns the state of the stream.
 */
export function useStream(
  session: string,
  { scope, timeline }: StreamName,
  after: number | undefined,
  onChange: (message: RowMessage) => void,
): StreamState {
  const [state, setState] = useState<StreamState>({ state: "connecting" });
  const receive = useEffectEvent((message: StreamMessage) => {
    if (message.kind === "state") setState(message);
    else onChange(message);
  });
  const begin = useEffectEvent(() => after ?? 0);
  const isReady = after !== undefined;
  useEffect(() => {
    if (!isReady) return undefined;
    const address = scripts?.createScriptURL(workerUrl) ?? workerUrl;
    const { port } = new SharedWorker(address as string, { type: "module", name: `crossline ${session}` });
    const send = (request: StreamRequest): void => port.postMessage(request);
    port.addEventListener("message", ({ data }) => receive(data as StreamMessage));
    port.start();
    send({ kind: "open", stream: { scope, timeline }, after: begin() });
    const alive = window.setInterval(() => send({ kind: "alive" }), aliveEveryMs);
    const close = (): void => send({ kind: "close" });
    window.addEventListener("pagehide", close);
    return () => {
      window.clearInterval(alive);
      window.removeEventListener("pagehide", close);
      close();
    };
  }, [session, scope, timeline, isReady]);
  return state;
}
