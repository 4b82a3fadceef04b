import type { PresentedIncident } from "@crossline/contracts";
import { Instant } from "../time/instant.tsx";
import { Chip, type Tone } from "../ui/chip.tsx";
import { FormCommands } from "../ui/form-commands.tsx";
import { MarkedText } from "../ui/marked-text.tsx";
import { heldCommands } from "./commands.ts";
import type { IncidentPanelProps } from "./members-panel.tsx";

type Message = PresentedIncident["messages"][number];

const states: Readonly<Record<Message["state"], readonly [sign: string, tone: Tone]>> = {
  held: ["!", "warn"],
  released: ["✓", "good"],
  withdrawn: ["–", ""],
};

/** Shows the messages to the customers of all cases, the last one first. A held message has the marks of the guard. */
export function IncidentMessages({ incident, now, mayAct, onSent }: IncidentPanelProps) {
  return (
    <section className="panel" aria-labelledby="messages-title">
      <header>
        <h2 id="messages-title">Messages to all customers</h2>
      </header>
      {incident.messages.length === 0 && <p className="empty">No message was written.</p>}
      <ul className="record-list">
        {incident.messages.toReversed().map((message) => (
          <li key={message.id}>
            <MessageItem message={message} now={now} />
            {mayAct && message.state === "held" && (
              <FormCommands
                label="Commands of the message"
                commands={heldCommands(incident, message.id)}
                onSent={onSent}
                isQuiet
              />
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function MessageItem({ message, now }: { readonly message: Message; readonly now: number }) {
  const { state, text, marks, author, at, channel, via, cases, refused, reason, releasedBy } = message;
  const [sign, tone] = states[state];
  return (
    <>
      <p>
        <Chip tone={tone} sign={sign}>
          {state}
        </Chip>
      </p>
      <p className="record-text">
        <MarkedText text={text} marks={state === "held" ? marks : []} />
      </p>
      {state === "held" && (
        <p>
          Held: the guard marked {marks.length === 1 ? "a place" : `${marks.length} places`}. No customer has the text.
        </p>
      )}
      {reason !== undefined && (
        <p>
          Reason: <bdi>{reason}</bdi>
        </p>
      )}
      <p className="muted">
        {author.person ?? author.party} · {channel}
        {via === "crm" && ", sent by the CRM"} · <Instant at={at} now={now} />
        {state === "released" && ` · ${cases} cases`}
        {refused > 0 && `, ${refused} refused it`}
        {releasedBy?.person !== undefined && ` · released by ${releasedBy.person}`}
      </p>
    </>
  );
}
