import { Validator } from "@seriousme/openapi-schema-validator";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createApp } from "./app.ts";

let app: Awaited<ReturnType<typeof createApp>>;
beforeEach(async () => {
  app = await createApp();
});
afterEach(() => app.http.close());

test("the document is valid OpenAPI 3.1", async () => {
  const document = (await app.http.inject({ url: "/openapi.json" })).json();
  const validator = new Validator();
  expect(await validator.validate(structuredClone(document))).toEqual({ valid: true });
  expect(validator.version).toBe("3.1");
  expect(document.openapi).toBe("3.1.0");
  expect(document.info).toMatchObject({ title: "Probe", version: "1.2.3" });
});

test("the document describes each route with its schemas and its problems, and omits hidden routes", async () => {
  const document = (await app.http.inject({ url: "/openapi.json" })).json();
  expect(Object.keys(document.paths)).toEqual(["/v1/things", "/v1/things/{id}"]);
  const make = document.paths["/v1/things"].post;
  expect(make.requestBody.required).toBe(true);
  expect(make.requestBody.content["application/json"].schema.properties.device.required).toEqual(["model"]);
  expect(make.responses["201"].content["application/json"].schema).toEqual({ $ref: "#/components/schemas/Thing" });
  const { $ref } = make.responses["409"];
  expect($ref).toBe("#/components/responses/already_exists.request_in_progress");
  const conflict = document.components.responses["already_exists.request_in_progress"];
  expect(conflict.content["application/problem+json"].schema).toEqual({ $ref: "#/components/schemas/Problem" });
  expect(document.components.schemas.Problem.properties.code.enum).toContain("too_large");
  const parameters = document.paths["/v1/things/{id}"].get.parameters.filter((one: object) => !("$ref" in one));
  expect(parameters.map((one: { name: string; in: string }) => `${one.in} ${one.name}`)).toEqual([
    "path id",
    "query limit",
    "header x-wanted",
  ]);
  expect(make.parameters[0]).toEqual({ $ref: "#/components/parameters/IdempotencyKey" });
});
