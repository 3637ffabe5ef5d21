/**
 * Checks a decoded form against the parameters that the API version knows, and turns its strings into numbers, booleans
 * and lists. Unknown names are refused as Stripe refuses them: that is what catches code written for an older version.
 *
 * Stripe reads an empty string as "unset". It arrives here as null everywhere but in maps such as metadata, where an
 * empty value deletes one key and is the resource's to interpret. What is required, and an element of a list, cannot be
 * unset: there an empty string is refused.
 */
import table from "./params.generated.json" with { type: "json" };
import { invalidParameter, parameterEmpty, parameterMissing } from "./errors.ts";
import type { FormTree, FormValue } from "./form.ts";

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

type Value = string | number | boolean | null | Value[] | { [key: string]: Value };
export type Params = Record<string, Value>;

const types = table.types as unknown as TypeNode[];
const routes = table.routes as Record<string, number>;

/** The one API version that is served, as the table was derived from it. */
export const API_VERSION = table.version;

/** Whether Stripe has this route (in the part of its API that the table covers), e.g. `POST /v1/customers/{id}`. */
export function isKnownRoute(route: string): boolean {
  return Object.hasOwn(routes, route);
}

/** All routes of the table, `POST /v1/customers/{id}` and the like. */
export function knownRoutes(): string[] {
  return Object.keys(routes);
}

/** Throws a 400 (`parameter_unknown`, `parameter_missing`, ...) or returns typed parameters. */
export function checkParams(route: string, form: FormTree): Params {
  const index = routes[route];
  if (index === undefined) throw new Error(`no parameter table for ${route}`);
  return check(index, form, "") as Params;
}

/** Flat parameters by name. */
export type ParameterList = Record<string, "integer" | "required string">;

/** The same for a route whose parameters are stated in a list, since the table does not know it. */
export function checkListed(list: ParameterList, form: FormTree): Params {
  const string = types.indexOf("string");
  const integer = types.indexOf("integer");
  const fields = Object.fromEntries(
    Object.entries(list).map(([name, kind]) => [name, kind === "integer" ? integer : string]),
  );
  const required = Object.keys(list).filter((name) => list[name] === "required string");
  return checkObject({ ...fields, expand: types.indexOf("any") }, required, form, "") as Params;
}

/** Stripe's bound on texts. The values of metadata have a lower one of their own. */
const MAX_STRING_LENGTH = 5_000;

class Mismatch extends Error {}

function check(index: number, value: FormValue, path: string): Value {
  const type = types[index];
  if (type === undefined) throw new Error(`the parameter table lacks type ${index}`);
  if (type === "any") return typeof value === "string" ? value : plain(value);
  if (typeof type === "string") return checkScalar(type, value, path);
  switch (type[0]) {
    case "enum":
      return checkEnum(type[1], value, path);
    case "array":
      return checkArray(type[1], value, path);
    case "map":
      return checkMap(type[1], value, path);
    case "object":
      return checkObject(type[1], type[2], value, path);
    case "union":
      return checkUnion(type[1], value, path);
  }
}

function plain(tree: FormTree): Value {
  const entries = Object.entries(tree).map(([key, value]) => [
    key,
    typeof value === "string" ? value : plain(value),
  ]);
  return Object.fromEntries(entries) as Value;
}

function checkScalar(
  type: "string" | "integer" | "number" | "boolean",
  value: FormValue,
  path: string,
): Value {
  if (typeof value !== "string") throw invalidParameter(`Invalid ${type}: {...}`, { param: path });
  if (value === "") return null;
  if (type === "string" && value.length > MAX_STRING_LENGTH) {
    const message = `Invalid string: must be at most ${MAX_STRING_LENGTH} characters`;
    throw invalidParameter(message, { code: "parameter_invalid_string", param: path });
  }
  if (type === "string") return value;
  if (type === "boolean") {
    if (value === "true" || value === "false") return value === "true";
    throw invalidParameter(`Invalid boolean: ${value}`, { param: path });
  }
  if (type === "integer") {
    const number = Number(value);
    if (/^-?\d+$/.test(value) && Number.isSafeInteger(number)) return number;
    throw invalidParameter(`Invalid integer: ${value}`, { code: "parameter_invalid_integer", param: path });
  }
  if (/^-?\d+(\.\d+)?$/.test(value)) return Number(value);
  throw invalidParameter(`Invalid decimal: ${value}`, { param: path });
}

function checkEnum(allowed: string[], value: FormValue, path: string): Value {
  if (value === "") return null;
  if (typeof value === "string" && allowed.includes(value)) return value;
  const names = allowed.filter((name) => name !== "");
  const list = names.length > 1 ? `${names.slice(0, -1).join(", ")}, or ${names.at(-1)}` : names.join("");
  throw invalidParameter(`Invalid ${path}: must be one of ${list}`, { param: path });
}

function checkArray(element: number, value: FormValue, path: string): Value {
  if (value === "") return null;
  if (typeof value === "string") throw invalidParameter("Invalid array", { param: path });
  const keys = Object.keys(value);
  if (!keys.every((key) => /^\d+$/.test(key))) throw invalidParameter("Invalid array", { param: path });
  keys.sort((a, b) => Number(a) - Number(b));
  return keys.map((key) => {
    const item = value[key] ?? "";
    if (item === "" && !mayBeEmpty(element)) throw parameterEmpty(`${path}[${key}]`);
    return check(element, item, `${path}[${key}]`);
  });
}

function checkMap(element: number, value: FormValue, path: string): Value {
  if (value === "") return null;
  if (typeof value === "string") throw invalidParameter("Invalid hash", { param: path });
  const keepsEmpty = types[element] === "string";
  const entries = Object.entries(value).map(([key, item]) => {
    const checked = keepsEmpty && item === "" ? "" : check(element, item, `${path}[${key}]`);
    return [key, checked] as const;
  });
  return Object.fromEntries(entries);
}

function checkObject(
  fields: Record<string, number>,
  required: string[],
  value: FormValue,
  path: string,
): Value {
  if (value === "") return null;
  if (typeof value === "string") throw invalidParameter("Invalid object", { param: path });
  const nameOf = (key: string) => (path === "" ? key : `${path}[${key}]`);
  const unknown = Object.keys(value).filter((key) => !Object.hasOwn(fields, key));
  const [firstUnknown] = unknown;
  if (firstUnknown !== undefined) {
    const names = unknown.map(nameOf).join(", ");
    const message = `Received unknown parameter${unknown.length > 1 ? "s" : ""}: ${names}`;
    throw invalidParameter(message, { code: "parameter_unknown", param: nameOf(firstUnknown) });
  }
  const missing = required.find((key) => value[key] === undefined);
  if (missing !== undefined) throw parameterMissing(nameOf(missing));
  const empty = required.find((key) => value[key] === "" && !mayBeEmpty(fields[key] ?? -1));
  if (empty !== undefined) throw parameterEmpty(nameOf(empty));
  const result: Record<string, Value> = {};
  for (const [key, item] of Object.entries(value)) result[key] = check(fields[key] ?? -1, item, nameOf(key));
  return result;
}

/** Whether the table itself names the empty string among the values. */
function mayBeEmpty(index: number): boolean {
  const type = types[index];
  if (type === undefined || typeof type === "string") return type === "any";
  return type[0] === "enum" ? type[1].includes("") : type[0] === "union" && type[1].some(mayBeEmpty);
}

/** The first alternative that fits wins; when none does, the most telling refusal is that of the last tried. */
function checkUnion(options: number[], value: FormValue, path: string): Value {
  let refusal: unknown = new Mismatch(path);
  for (const option of options) {
    if (!fits(option, value)) continue;
    try {
      return check(option, value, path);
    } catch (error) {
      refusal = error;
    }
  }
  if (refusal instanceof Mismatch) throw invalidParameter(`Invalid value for ${path}`, { param: path });
  throw refusal;
}

/** A string cannot be an object, nor an object a string; an empty string may unset anything. */
function fits(index: number, value: FormValue): boolean {
  const type = types[index];
  if (value === "" || type === "any") return true;
  const isScalar = typeof type === "string" || type?.[0] === "enum" || type?.[0] === "union";
  return typeof value === "string" ? isScalar : !isScalar || type?.[0] === "union";
}
