import type { CustomerAct, CustomerSituation } from "@crossline/contracts";
import { useEffect, useRef, useState } from "react";
import { ActForm } from "./act-form.tsx";
import { actTexts } from "./act-texts.ts";

const headings: Partial<Record<CustomerSituation, string>> = {
  resolved: "Does it work?",
  "waiting-for-you": "Your answer",
};

type ActsProps = {
  readonly token: string;
  readonly acts: readonly CustomerAct[];
  readonly situation: CustomerSituation;
  /** Runs after an act was recorded. */
  readonly onDone: () => unknown;
};

/**
 * Shows the acts that the customer has now. Of several acts, the customer first chooses one. The text that the customer has entered stays
 * when the customer chooses another act.
 */
export function Acts({ token, acts, situation, onDone }: ActsProps) {
  const [chosen, setChosen] = useState<CustomerAct>();
  const [text, setText] = useState("");
  const [thanks, setThanks] = useState<{ readonly text: string; readonly count: number }>();
  // An act that is chosen stays open, so that a change of the case loses no text.
  const act = chosen ?? (acts.length === 1 ? acts[0] : undefined);
  const finish = (done: CustomerAct): void => {
    setThanks(({ count } = { text: "", count: 0 }) => ({ text: actTexts[done].thanks, count: count + 1 }));
    setText("");
    setChosen(undefined);
    void onDone();
  };
  return (
    <section className="acts" aria-labelledby="acts">
      <h2 id="acts">{headings[situation] ?? "Your message"}</h2>
      {thanks !== undefined && <Thanks key={thanks.count} text={thanks.text} />}
      {acts.length > 1 && (
        <div className="choices">
          {acts.map((one) => (
            <button key={one} type="button" aria-pressed={one === act} onClick={() => setChosen(one)}>
              <span aria-hidden="true">{actTexts[one].mark} </span>
              {actTexts[one].name}
            </button>
          ))}
        </div>
      )}
      {act !== undefined && !acts.includes(act) && (
        <p>
          The case has changed, so this is no longer possible.{" "}
          {acts.includes("add") && (
            <button type="button" onClick={() => setChosen("add")}>
              Send the text as a message
            </button>
          )}
        </p>
      )}
      {act !== undefined && (
        <ActForm
          key={act}
          token={token}
          act={act}
          text={text}
          focused={chosen !== undefined}
          onText={setText}
          onDone={() => finish(act)}
        />
      )}
      {act === undefined && acts.length === 0 && (
        <p>This case accepts no more messages. Contact the company that sent you the link.</p>
      )}
    </section>
  );
}

/** Shows the thanks after an act. The form of the act is gone, so the thanks get the focus, and a screen reader reads them. */
function Thanks({ text }: { readonly text: string }) {
  const place = useRef<HTMLParagraphElement>(null);
  useEffect(() => place.current?.focus(), []);
  return (
    <p ref={place} className="thanks" tabIndex={-1}>
      <span aria-hidden="true">✓ </span>
      {text}
    </p>
  );
}
