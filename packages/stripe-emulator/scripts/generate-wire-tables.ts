/**
 * Derives the two tables the wire folder reads from an OpenAPI document of Stripe's API:
 *
 *   params.generated.json   for each route, which parameters exist and of what type (equal types are stored once)
 *   shapes.generated.json   for each object, which fields Stripe always sends as null when empty, and what expands
 *
 * Usage: node scripts/generate-wire-tables.ts path/to/openapi.json
 *
 * The tables are committed, so the document is needed only when the API version moves.
 */
import { readFileSync, writeFileSync } from "node:fs";

interface Schema {
  $ref?: string;
  type?: string;
  enum?: string[];
  nullable?: boolean;
  required?: string[];
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
  anyOf?: Schema[];
  "x-expandable"?: boolean;
}
interface Operation {
  parameters?: { name: string; in: string; required?: boolean; schema: Schema }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
}
interface Document {
  info: { version: string };
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

const source = process.argv[2];
if (source === undefined) throw new Error("usage: node scripts/generate-wire-tables.ts path/to/openapi.json");
const document = JSON.parse(readFileSync(source, "utf8")) as Document;

/** A type is a primitive name, or a tagged tuple that refers to other types by index. */
type TypeNode =
  | "string"
  | "integer"
  | "number"
  | "boolean"
  | "any"
  | ["enum", string[]]
  | ["array", number]
  | ["map", number]
  | ["object", Record<string, number>, string[]]
  | ["union", number[]];

const types: TypeNode[] = [];
const indexByText = new Map<string, number>();

function intern(node: TypeNode): number {
  const text = JSON.stringify(node);
  const known = indexByText.get(text);
  if (known !== undefined) return known;
  types.push(node);
  indexByText.set(text, types.length - 1);
  return types.length - 1;
}

/** The document guesses integers from names and misses these, which Stripe takes as decimals. */
const DECIMAL_NAMES = new Set(["percent_off"]);

function typeOf(schema: Schema, name = ""): number {
  if (schema.anyOf) return intern(["union", schema.anyOf.map((option) => typeOf(option, name))]);
  if (schema.enum) return intern(["enum", schema.enum]);
  if (schema.type === "array") return intern(["array", typeOf(schema.items ?? {})]);
  if (schema.properties) {
    const fields = Object.entries(schema.properties).map(
      ([key, value]) => [key, typeOf(value, key)] as const,
    );
    return intern(["object", Object.fromEntries(fields), schema.required ?? []]);
  }
  if (schema.type === "object" && typeof schema.additionalProperties === "object") {
    return intern(["map", typeOf(schema.additionalProperties)]);
  }
  if (schema.type === "integer") return intern(DECIMAL_NAMES.has(name) ? "number" : "integer");
  if (schema.type === "string" || schema.type === "number" || schema.type === "boolean")
    return intern(schema.type);
  return intern(schema.type === "object" ? ["object", {}, []] : "any");
}

const routes: Record<string, number> = {};
for (const [path, operations] of Object.entries(document.paths)) {
  for (const [method, operation] of Object.entries(operations)) {
    const properties: Record<string, Schema> = {};
    const required: string[] = [];
    for (const parameter of operation.parameters ?? []) {
      if (parameter.in !== "query") continue;
      properties[parameter.name] = parameter.schema;
      if (parameter.required) required.push(parameter.name);
    }
    const body = Object.values(operation.requestBody?.content ?? {})[0]?.schema;
    Object.assign(properties, body?.properties ?? {});
    required.push(...(body?.required ?? []));
    routes[`${method.toUpperCase()} ${path}`] = typeOf({ type: "object", properties, required });
  }
}

/** Fields that are always present, those of them that are null when empty, and dotted paths (through lists) that may be expanded. */
interface Shape {
  required: string[];
  nulls: string[];
  expandable: string[];
}

function expandablePaths(schema: Schema, prefix: string, found: string[]): void {
  if (schema["x-expandable"] && prefix !== "") found.push(prefix);
  if (schema.items) expandablePaths(schema.items, prefix, found);
  for (const [key, value] of Object.entries(schema.properties ?? {})) {
    expandablePaths(value, prefix === "" ? key : `${prefix}.${key}`, found);
  }
}

const shapes: Record<string, Shape> = {};
for (const [name, schema] of Object.entries(document.components.schemas)) {
  const object = schema.properties?.["object"]?.enum?.[0];
  if (object === undefined || name.startsWith("deleted_")) continue;
  const properties = schema.properties ?? {};
  const required = schema.required ?? [];
  const nulls = required.filter((key) => properties[key]?.nullable);
  const expandable: string[] = [];
  expandablePaths(schema, "", expandable);
  shapes[object] = { required, nulls, expandable };
}

const target = new URL("../src/wire/", import.meta.url);
const version = document.info.version;
writeFileSync(new URL("params.generated.json", target), JSON.stringify({ version, routes, types }));
writeFileSync(new URL("shapes.generated.json", target), JSON.stringify({ version, shapes }));
