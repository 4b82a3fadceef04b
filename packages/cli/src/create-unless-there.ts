import { ResponseFault } from "./client.ts";

/** Waits for a creation. Returns false if the thing exists already, and throws any other refusal. */
export async function createUnlessThere(creation: Promise<unknown>): Promise<boolean> {
  try {
    await creation;
    return true;
  } catch (error) {
    if (error instanceof ResponseFault && error.code === "already_exists") return false;
    throw error;
  }
}
