import { escape } from "../mail/render.ts";
import { PROBLEMS } from "./problem.ts";

/*
 * `/docs/api`: the OpenAPI document as a page that is read, without a script and from this origin alone. It is written from
 * the document and so from the schemas that check requests: what it says is what is accepted.
 */

interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  enum?: unknown[];
  const?: unknown;
  description?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  additionalProperties?: Schema | boolean;
  default?: unknown;
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  maxItems?: number;
}
interface Media {
  schema?: Schema;
}
interface Operation {
  summary?: string;
  description?: string;
  parameters?: { name: string; in: string; required?: boolean; schema?: Schema; description?: string }[];
  requestBody?: { content?: Record<string, Media> };
  responses?: Record<string, { description?: string; content?: Record<string, Media> }>;
}
export interface OpenApi {
  info: { title: string; version: string; description?: string };
  paths?: Record<string, Record<string, Operation>>;
  components?: { schemas?: Record<string, Schema> };
}

const METHODS = ["get", "post", "put", "patch", "delete"] as const;

/** The reference's body, and the list of its operations for the navigation. */
export function referencePage(openApi: OpenApi): { title: string; body: string; contents: string } {
  const operations = Object.entries(openApi.paths ?? {}).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method];
      return operation === undefined ? [] : [{ method, path, operation, id: idOf(method, path) }];
    }),
  );
  const groups = Map.groupBy(operations, ({ path }) => groupOf(path));
  const contents = [...groups].map(
    ([group, members]) =>
      `<li><a href="#${group}">${titleOf(group)}</a><ul>${members
        .map(({ id, method, path }) => `<li><a href="#${id}"><b>${method}</b> ${escape(path)}</a></li>`)
        .join("")}</ul></li>`,
  );
  const sections = [...groups].map(
    ([group, members]) =>
      `<section><h2 id="${group}">${titleOf(group)}</h2>${members.map((each) => operationPart(each)).join("")}</section>`,
  );
  const schemas = Object.entries(openApi.components?.schemas ?? {}).map(
    ([name, schema]) =>
      `<article><h3 id="schema-${escape(name)}">${escape(name)}</h3>${schemaPart(schema)}</article>`,
  );
  return {
    title: "API reference",
    contents: `<ul>${contents.join("")}<li><a href="#schemas">Shapes</a></li></ul>`,
    body: `<h1>API reference</h1><p>${escape(openApi.info.description ?? "")}</p>${INTRODUCTION}
${sections.join("\n")}
<section><h2 id="schemas">Shapes</h2>${schemas.join("\n")}</section>`,
  };
}

const INTRODUCTION = `<p>The same as a document for programs: <a href="/api/openapi.json">/api/openapi.json</a> (OpenAPI 3.1).</p>
<h2 id="calling">Who calls</h2>
<p>Keys and tokens are sent as <code>Authorization: Bearer</code>. A platform key (<code>bsk_</code>) names the account in
<code>Bursar-Account</code>, by our id or the product's own; an account key (<code>bak_</code>) and a session token
(<code>bst_</code>) are of one account and have a role. Every answer has a <code>Request-Id</code>.</p>
<p><code>Idempotency-Key</code> works on every POST: the first answer is kept for 24 hours and told again with
<code>Idempotency-Replayed: true</code>. Lists have <code>limit</code> (25, at most 100) and <code>cursor</code>.</p>
<h2 id="problems">Refusals</h2><p>They are <code>application/problem+json</code> (RFC 9457). <code>detail</code> says what to
do, <code>code</code> is one of these:</p>
<table><thead><tr><th>code</th><th>status</th></tr></thead><tbody>${Object.entries(PROBLEMS)
  .map(([code, status]) => `<tr><td><code>${code}</code></td><td>${status}</td></tr>`)
  .join("")}</tbody></table>`;

function operationPart(given: { method: string; path: string; id: string; operation: Operation }): string {
  const { method, path, id, operation } = given;
  const parameters = (operation.parameters ?? []).map(
    ({ name, in: where, required, schema = {} }) =>
      `<tr><td><code>${escape(name)}</code>${required === true ? "" : " <i>optional</i>"}</td><td>${escape(where)}</td><td>${typeText(schema)}</td></tr>`,
  );
  const table =
    parameters.length === 0 ? "" : `<h4>Parameters</h4><table><tbody>${parameters.join("")}</tbody></table>`;
  const bodies = Object.entries(operation.requestBody?.content ?? {}).map(
    ([type, { schema = {} }]) => `<h4>Body, <code>${escape(type)}</code></h4>${schemaPart(schema)}`,
  );
  const answers = Object.entries(operation.responses ?? {}).map(([status, { description, content }]) => {
    const types = Object.entries(content ?? {}).map(
      ([type, { schema = {} }]) => `<code>${escape(type)}</code> ${typeText(schema)}`,
    );
    const words = status === "default" ? "otherwise" : status;
    return `<li><b>${words}</b> ${escape(description ?? "")}${types.length === 0 ? "" : `: ${types.join(", ")}`}</li>`;
  });
  return `<article><h3 id="${id}"><b>${method}</b> <code>${escape(path)}</code></h3><p>${escape(operation.summary ?? "")}.</p>${operation.description === undefined ? "" : `<p>${escape(operation.description)}</p>`}${table}${bodies.join("")}<h4>Answers</h4><ul>${answers.join("")}</ul></article>`;
}

/** The fields of an object as a table; anything else as its type in words. */
function schemaPart(schema: Schema): string {
  if (schema.properties === undefined) return `<p>${typeText(schema)}</p>`;
  const rows = Object.entries(schema.properties).map(([name, field]) => {
    const optional = schema.required?.includes(name) === true ? "" : " <i>optional</i>";
    const inner = field.properties === undefined ? "" : schemaPart(field);
    return `<tr><td><code>${escape(name)}</code>${optional}</td><td>${typeText(field)}${inner}</td></tr>`;
  });
  return `<table><tbody>${rows.join("")}</tbody></table>`;
}

function typeText(schema: Schema): string {
  if (schema.$ref !== undefined) {
    const name = escape(schema.$ref.split("/").at(-1) ?? "");
    return `<a href="#schema-${name}">${name}</a>`;
  }
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return choices.map(typeText).join(" or ");
  if (schema.const !== undefined) return `<code>${escape(JSON.stringify(schema.const))}</code>`;
  if (schema.enum !== undefined) {
    return schema.enum.map((value) => `<code>${escape(JSON.stringify(value))}</code>`).join(" or ");
  }
  const type = Array.isArray(schema.type) ? schema.type.join(" or ") : (schema.type ?? "anything");
  if (type === "array") return `list of ${typeText(schema.items ?? {})}`;
  if (type === "object" && typeof schema.additionalProperties === "object") {
    return `object whose values are ${typeText(schema.additionalProperties)}`;
  }
  return escape([type, ...boundsOf(schema)].join(", "));
}

function boundsOf({ format, minimum, maximum, maxLength, maxItems, default: preset }: Schema): string[] {
  // Every integer has the bounds of a safe one; to say so each time would hide the bounds that mean something.
  const isOwn = (bound: number | undefined) =>
    bound !== undefined && Math.abs(bound) < Number.MAX_SAFE_INTEGER;
  return [
    format === undefined ? "" : format,
    isOwn(minimum) ? `from ${minimum}` : "",
    isOwn(maximum) ? `to ${maximum}` : "",
    maxLength === undefined ? "" : `${maxLength} characters at most`,
    maxItems === undefined ? "" : `${maxItems} at most`,
    preset === undefined ? "" : `${JSON.stringify(preset)} unless given`,
  ].filter((text) => text !== "");
}

const idOf = (method: string, path: string): string => `${method}${path.replaceAll(/[^A-Za-z0-9]+/g, "-")}`;

/** `/api/billing/credits/packs` is of `billing-credits`, `/api/holds/{id}` of `holds`. */
function groupOf(path: string): string {
  const [, first = "", second] = path.split("/").filter((part) => part !== "" && !part.startsWith("{"));
  return first === "billing" && (second === "credits" || second === "usage") ? `${first}-${second}` : first;
}

const titleOf = (group: string): string =>
  group.charAt(0).toUpperCase() + group.slice(1).replaceAll("-", " ");
