/*
 * `npm run docs:webhooks`: writes the list of event types in docs/webhooks.md from the catalogue of notices, between two
 * marks. The prose around it is written by hand.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { z } from "zod";
import { noticeKinds } from "../packages/server/src/outbox/kinds.ts";

export const PAGE_PATH = join(import.meta.dirname, "../docs/webhooks.md");

const BEGIN = "<!-- written by npm run docs:webhooks from the schemas -->";
const END = "<!-- end of what is written -->";

interface JsonSchema {
  type?: string | string[];
  format?: string;
  const?: unknown;
  enum?: unknown[];
  anyOf?: JsonSchema[];
  items?: JsonSchema;
  properties?: Record<string, JsonSchema>;
}

function typeText(schema: JsonSchema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(" or ");
  if (schema.anyOf !== undefined) return schema.anyOf.map(typeText).join(" or ");
  if (schema.properties !== undefined) {
    const fields = Object.entries(schema.properties).map(([name, each]) => `${name}: ${typeText(each)}`);
    return `{ ${fields.join(", ")} }`;
  }
  if (schema.items !== undefined) return `list of ${typeText(schema.items)}`;
  if (schema.format === "date-time") return "instant";
  return [schema.type ?? "anything"].flat().join(" or ");
}

function typesText(): string {
  return noticeKinds
    .map(({ type, about, data, mail }) => {
      const { properties = {} } = z.toJSONSchema(data, { io: "input" }) as JsonSchema;
      const rows = Object.entries(properties).map(([name, field]) => `| \`${name}\` | ${typeText(field)} |`);
      const mailed = mail === null ? "" : ` Also mailed (${mail.category}).`;
      return [`### ${type}`, `${about}${mailed}`, ["| field | is |", "|---|---|", ...rows].join("\n")].join(
        "\n\n",
      );
    })
    .join("\n\n");
}

/** The page with its list written anew. */
export function webhooksPage(): Promise<string> {
  const page = readFileSync(PAGE_PATH, "utf8");
  const [before, rest = ""] = page.split(BEGIN);
  const after = rest.split(END)[1] ?? "";
  return format(`${before}${BEGIN}\n\n${typesText()}\n\n${END}${after}`, {
    parser: "markdown",
    printWidth: 110,
  });
}

if (import.meta.main) writeFileSync(PAGE_PATH, await webhooksPage());
