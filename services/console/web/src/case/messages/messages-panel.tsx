import type { PresentedMessage } from "@crossline/contracts";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useMe } from "../../session/session.tsx";
import { Instant } from "../../time/instant.tsx";
import { MarkedText } from "../../ui/marked-text.tsx";
import { CasePanel } from "../case-panel.tsx";
import { CommandDialog } from "../commands/command-dialog.tsx";
import type { FormCommand } from "../../ui/form-command.ts";
import { messagesQuery } from "../queries.ts";
import { useCase } from "../use-case.ts";
import { ApologyButton } from "./apology-button.tsx";
import { messageCommands } from "./message-commands.ts";

const states: Readonly<Record<PresentedMessage["state"], readonly [shape: string, tone: string]>> = {
  held: ["!", "warn"],
  released: ["○", ""],
  sent: ["✓", "good"],
  failed: ["✕", "bad"],
  withdrawn: ["–", ""],
};

/** Shows the messages to the customer with their states, and the commands on each. */
export function MessagesPanel() {
  const { shown } = useCase();
  const messages = useQuery(messagesQuery(shown.id));
  const [open, setOpen] = useState<FormCommand>();
  return (
    <CasePanel title="Messages to the customer" query={messages}>
      {({ items }) => (
        <>
          {items.length === 0 && <p className="empty">The carrier has not written to the customer.</p>}
          <ul className="entries">
            {items.map((message) => (
              <MessageItem key={message.id} message={message} onCommand={setOpen} />
            ))}
          </ul>
          <ApologyButton onDraft={setOpen} />
          {open !== undefined && <CommandDialog command={open} onClose={() => setOpen(undefined)} />}
        </>
      )}
    </CasePanel>
  );
}

type MessageItemProps = { readonly message: PresentedMessage; readonly onCommand: (command: FormCommand) => void };

function MessageItem({ message, onCommand }: MessageItemProps) {
  const me = useMe();
  const { shown, now, zone } = useCase();
  const { state, stateAt, author, channel, via, marks, reason, releasedBy } = message;
  const [shape, tone] = states[state];
  const isOwn = shown.carrier === me.party && me.scopes.includes("cases");
  return (
    <li>
      <p>
        <span className={`chip ${tone}`}>
          <span aria-hidden="true">{shape}</span> {state}
        </span>{" "}
        <MarkedText text={message.text} marks={state === "held" ? marks : []} />
      </p>
      {state === "held" && marks.length > 0 && (
        <p>
          Held: the guard marked {marks.length === 1 ? "a place" : `${marks.length} places`}. A second person can
          release it.
        </p>
      )}
      {reason !== undefined && (
        <p>
          Reason: <bdi>{reason}</bdi>
        </p>
      )}
      <p className="muted">
        {author.party}
        {author.person !== undefined && ` (${author.person})`} · {channel}
        {via === "crm" && ", sent by the CRM"} · <Instant at={stateAt} now={now} zone={zone} />
        {releasedBy?.person !== undefined && ` · released by ${releasedBy.person}`}
      </p>
      {isOwn && (
        <p className="actions">
          {messageCommands(shown, message).map((command) => (
            <button key={command.name} type="button" onClick={() => onCommand(command)}>
              {command.text}
            </button>
          ))}
        </p>
      )}
    </li>
  );
}
