import { X509Certificate, createPrivateKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { z } from "zod";

/** The schema of the path of a file with a password. */
export const passwordFile = fileThat("must contain a password", (text) => text.trim() !== "");

/** The schema of the path of a PEM file with one or more certificates. */
export const certificateFile = fileThat("must contain a certificate in PEM form", (text) => new X509Certificate(text));

/** The schema of the path of a PEM file with a private key. */
export const keyFile = fileThat("must contain a private key in PEM form without a passphrase", (text) =>
  createPrivateKey(text),
);

/**
 * Returns a function that reads the file at each call. If the file cannot be read for a moment, for example during its
 * replacement, the function returns the last text.
 */
export function createFileReader(path: string): () => string {
  let last = readFileSync(path, "utf8");
  return () => {
    try {
      last = readFileSync(path, "utf8");
    } catch {
      // The next connection tries again.
    }
    return last;
  };
}

/** Returns the schema of a path. `accepts` throws or returns false for a wrong text. A message never contains the text. */
function fileThat(must: string, accepts: (text: string) => unknown) {
  return z.string().superRefine((path, context) => {
    const text = read(path);
    if (text === undefined) context.addIssue("must be the path of a file that this program can read");
    else if (!isAccepted(text, accepts)) context.addIssue(must);
  });
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

function isAccepted(text: string, accepts: (text: string) => unknown): boolean {
  try {
    return accepts(text) !== false;
  } catch {
    return false;
  }
}
