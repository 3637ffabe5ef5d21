/** What every page gets to work with, and the reading of a submitted one. */
import type { Context } from "hono";
import type { Env } from "../env.ts";
import type { Sandbox } from "../sandbox.ts";
import type { Typed } from "./fields.ts";

export interface PageOptions {
  sandbox: Sandbox;
  afterAnswer: () => void;
  onFailure: (error: unknown) => void;
}

/** The text fields of a submitted page; nothing here takes files. */
export async function readForm(c: Context<Env>): Promise<Typed> {
  const body = await c.req.parseBody();
  const texts = Object.entries(body).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  return Object.fromEntries(texts);
}
