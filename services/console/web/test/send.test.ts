import { afterEach, describe, expect, test, vi } from "vitest";
import { isTransient } from "../src/api/queries.ts";
import { ResponseFault, read } from "../src/api/send.ts";

afterEach(() => vi.unstubAllGlobals());

const faultOf = async (body: string, status: number): Promise<unknown> => {
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(body, { status })));
  return read("/v1/me").then(
    () => undefined,
    (fault: unknown) => fault,
  );
};

describe("a response that does not come from Crossline", () => {
  test.each(["null", '"no"', "[]", '{"message":"no"}', '{"title":7,"fields":"x"}', "<html>", ""])(
    "is a fault with a title: 502 with %s",
    async (body) => {
      const fault = await faultOf(body, 502);
      expect(fault).toBeInstanceOf(ResponseFault);
      expect((fault as ResponseFault).problem).toEqual({ title: "The server responded with the status 502" });
    },
  );

  test("is a fault that can end, if a page of a network replaces the data", async () => {
    const fault = await faultOf("<!doctype html><p>Sign in to the network", 200);
    expect((fault as ResponseFault).problem).toEqual({ title: "The response is not from Crossline" });
    expect(isTransient(fault)).toBe(true);
  });

  test("keeps its fields only if they are a list", async () => {
    const fields = [{ at: "/text", message: "is missing" }];
    const problem = { title: "Not valid", detail: "Because.", fields };
    expect(((await faultOf(JSON.stringify(problem), 400)) as ResponseFault).problem).toEqual(problem);
    const wrong = JSON.stringify({ title: "Not valid", fields: {} });
    expect(((await faultOf(wrong, 400)) as ResponseFault).problem).toEqual({ title: "Not valid" });
  });
});
