import { type UseMutationResult, useMutation } from "@tanstack/react-query";
import { useRef } from "react";
import { isTransient } from "./queries.ts";

/**
 * Returns a mutation that sends a command. If the network or the server failed, the same input is sent again with the same idempotency
 * key, so that Crossline does it once. Any other request has a key of its own.
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
      unsure.current = undefined;
      try {
        return await command(given, key);
      } catch (fault) {
        if (isTransient(fault)) unsure.current = { input, key };
        throw fault;
      }
    },
    ...(onSuccess !== undefined && { onSuccess }),
  });
}
