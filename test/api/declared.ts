/* The answers that routes declare, to hold what they really answer against. */
import type { z } from "zod";
import type { Service } from "../../packages/server/src/main.ts";

interface Declared {
  readonly content?: Readonly<Record<string, { readonly schema: z.ZodType }>>;
}

/** @returns what is wrong with an answer; `null` when it is as declared, without a field more */
export function declaredAnswers({ app }: Service) {
  const routes = new Map(
    app.openAPIRegistry.definitions.flatMap((definition) => {
      if (definition.type !== "route") return [];
      const { method, path, responses } = definition.route;
      return [[`${method.toUpperCase()} ${path}`, responses as Readonly<Record<string, Declared>>]];
    }),
  );
  return (operation: string, status: number, text: string): string | null => {
    const declared = routes.get(operation)?.[String(status)];
    if (declared === undefined) return `${operation} declares no ${status}`;
    const schema = declared.content?.["application/json"]?.schema;
    if (schema === undefined) return text === "" ? null : `${operation} declares no body`;
    const body: unknown = JSON.parse(text);
    const parsed = schema.safeParse(body);
    if (!parsed.success) return `${operation}: ${parsed.error.message}`;
    // An object's schema drops what it does not know, so a field that is not declared shows as a difference.
    const extra = differences(body, parsed.data);
    return extra.length === 0 ? null : `${operation} answers what it does not declare: ${extra.join(", ")}`;
  };
}

function differences(given: unknown, declared: unknown, at = ""): string[] {
  if (typeof given !== "object" || given === null) return Object.is(given, declared) ? [] : [at];
  if (typeof declared !== "object" || declared === null) return [at];
  return Object.entries(given).flatMap(([name, value]) =>
    name in declared
      ? differences(value, (declared as Record<string, unknown>)[name], `${at}.${name}`)
      : [`${at}.${name}`],
  );
}
