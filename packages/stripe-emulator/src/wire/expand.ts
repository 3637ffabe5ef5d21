/**
 * `expand[]`: puts objects where ids stand, up to four levels deep, and adds the parts that are only sent on request.
 * Works on formatted objects and never changes them: each step returns a copy.
 */
import type { Sandbox } from "../sandbox.ts";
import { findById, includablesOf } from "../resources/registry.ts";
import { invalidRequest } from "./errors.ts";
import { own } from "./own.ts";
import { isExpandable, type WireObject } from "./shape.ts";

const MAX_LEVELS = 4;

export function expand(sandbox: Sandbox, object: WireObject, paths: string[]): WireObject {
  return paths.reduce((result, path) => expandPath(sandbox, result, path), object);
}

function expandPath(sandbox: Sandbox, object: WireObject, path: string): WireObject {
  const steps = path.split(".");
  if (steps.length > MAX_LEVELS) {
    throw invalidRequest(
      `You cannot expand more than ${MAX_LEVELS} levels of a property. Property: ${path}`,
      {
        code: "property_expansion_max_depth",
        param: "expand",
      },
    );
  }
  return walk({ sandbox, path }, object, steps, "") as WireObject;
}

interface Walk {
  sandbox: Sandbox;
  path: string;
}

/** `within` is the dotted way from the nearest object that has a name of its own, as the shape table writes it. */
function walk(context: Walk, value: unknown, steps: string[], within: string, owner?: WireObject): unknown {
  const [step, ...rest] = steps;
  if (step === undefined || value === null) return value;
  if (Array.isArray(value)) return value.map((item: unknown) => walk(context, item, steps, within, owner));
  if (typeof value !== "object") throw cannotExpand(context.path);
  const fields = value as WireObject;
  // Of a deleted object nothing is left to expand; asking for it is no mistake.
  if (fields["deleted"] === true) return value;
  const isNamed = typeof fields.object === "string" && fields.object !== "list";
  const holder = isNamed ? fields : owner;
  const key = isNamed || within === "" ? step : `${within}.${step}`;
  const next = open(context, { fields, step, holder, key });
  if (next === undefined) throw cannotExpand(context.path, fields.object === "list" && within === "");
  return { ...fields, [step]: walk(context, next, rest, key, holder) };
}

interface Position {
  fields: WireObject;
  step: string;
  holder: WireObject | undefined;
  key: string;
}

/** The value behind one step, with an id replaced by its object. Undefined when there is nothing of that name. */
function open(context: Walk, { fields, step, holder, key }: Position): unknown {
  const include = fields.object === holder?.object ? own(includablesOf(fields.object), step) : undefined;
  if (include !== undefined) return include(context.sandbox, String(fields["id"]));
  const value = own(fields, step);
  const mayExpand = holder !== undefined && isExpandable(holder.object, key);
  if (mayExpand && typeof value === "string") return findById(context.sandbox, value, step);
  if (mayExpand && Array.isArray(value)) {
    return value.map((item: unknown) =>
      typeof item === "string" ? findById(context.sandbox, item, step) : item,
    );
  }
  return value === undefined && mayExpand ? null : value;
}

function cannotExpand(path: string, isList = false): Error {
  const advice = isList ? ` You may want to try expanding 'data.${path}' instead.` : "";
  const message = `This property cannot be expanded (${path}).${advice}`;
  return invalidRequest(message, { code: "property_cannot_be_expanded", param: "expand" });
}
