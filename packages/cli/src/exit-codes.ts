/** The exit codes of every verb. */
export const exitCodes = { success: 0, fault: 1, usage: 2, refused: 3, notFound: 4, key: 5, unreachable: 6 } as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The meaning of each exit code, for the documentation. */
export const exitCodeMeanings: Readonly<Record<ExitCode, string>> = {
  0: "The verb succeeded.",
  1: "The verb found a fault, for example in a file, or it stopped with one sentence about a fault.",
  2: "The usage is wrong: an unknown verb or option, or a wrong value.",
  3: "Crossline refused the request. The case, the hand-off or the document does not allow it.",
  4: "The case, the hand-off or another named thing does not exist, or your company may not read it.",
  5: "Crossline does not accept the API key, or the key does not allow the request.",
  6: "Crossline is unreachable, not ready or overloaded. The same command can succeed later.",
};

/** Returns the exit code for the status of a refused request. */
export function exitCodeOfStatus(status: number): ExitCode {
  if (status === 401 || status === 403) return exitCodes.key;
  if (status === 404) return exitCodes.notFound;
  return status === 429 || status >= 500 ? exitCodes.unreachable : exitCodes.refused;
}
