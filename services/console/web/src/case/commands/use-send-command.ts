import { useQueryClient } from "@tanstack/react-query";
import { send } from "../../api/send.ts";
import { caseKey, caseQuery } from "../queries.ts";
import type { CommandRequest } from "../../ui/form-command.ts";

const laterMs = [700, 2_500];

/**
 * Returns the function that reads the case again, now and twice later. The console reads the records of a command a moment later than intake,
 * and the stream may be lost. The promise ends after the first read of the case.
 */
export function useReadAgain(caseId: string): () => Promise<void> {
  const client = useQueryClient();
  const readAgain = (): void => void client.invalidateQueries({ queryKey: caseKey(caseId) });
  return async () => {
    for (const ms of laterMs) window.setTimeout(readAgain, ms);
    readAgain();
    // A dialog waits for the case only. Its panels follow, and a slow panel must not keep the dialog open.
    await client.refetchQueries({ queryKey: caseQuery(caseId).queryKey }, { cancelRefetch: false });
  };
}

/** Returns the function that sends a command on the case. It ends after the case has been read again. */
export function useSendCommand(caseId: string): (request: CommandRequest, key?: string) => Promise<void> {
  const readAgain = useReadAgain(caseId);
  return async ({ path, body }, key) => {
    await send("POST", path, key === undefined ? { body } : { body, key });
    await readAgain();
  };
}
