import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Variables } from "./caller.ts";

export type App = OpenAPIHono<{ Variables: Variables }>;
