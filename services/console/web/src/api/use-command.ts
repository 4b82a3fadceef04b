import { type UseMutationResult, useMutation } from "@tanstack/react-query";
import { useRef } from "react";
import { isTransient } from "./queries.ts";

/**
 * Returns a mutation that sends a command. While a command has no clear result, the same input is sent again with the same idempotency key.
 * So Crossline runs a command once if the network fails, or if a person presses a button twice. Any other request has a key of its own.
 */
export function useCommand<Input, Result>(
  command: (input: Input, key: string) => Promise<Result>,
  onSuccess?: (result: Result, input: Input) => unknown,
): UseMutationResult<Result, unknown, Input> {
  const unsure = useRef<{ readonly input: string; readonly key: string }>(undefined);
  return useMutation<Result, unknown, Input>({
    mutationFn: async (given) => {
      const input = JSON.stringify(given);
      const key = unsure.current?.input === input ? unsure.current.key : crypto.randomUUID();
      unsure.current = { input, key };
      const end = (): void => {
        if (unsure.current?.key === key) unsure.current = undefined;
      };
      try {
        const result = await command(given, key);
        end();
        return result;
      } catch (fault) {
        if (!isTransient(fault)) end();
        throw fault;
      }
    },
    ...(onSuccess !== undefined && { onSuccess }),
  });
}
