/** The ids that answers have shown, by the kind of their object, so that made-up requests meet objects that exist. */
import type { Tape } from "./tape.ts";

export class KnownIds {
  readonly #byKind = new Map<string, string[]>();

  /** Notes every `{object, id}` in an answer, however deep. */
  learn(value: unknown): void {
    if (typeof value !== "object" || value === null) return;
    if ("object" in value && "id" in value && typeof value.id === "string") {
      const ids = this.#byKind.get(String(value.object)) ?? [];
      if (!ids.includes(value.id)) ids.push(value.id);
      this.#byKind.set(String(value.object), ids);
    }
    for (const item of Object.values(value)) this.learn(item);
  }

  /** One of that kind, now and then of another kind or of none. */
  pick(kind: string, tape: Tape): string {
    if (tape.chance(4)) return tape.pick(["cus_none", "x", "__proto__", "in_1 or 1=1", "", "%00"]) ?? "x";
    const kinds = [...this.#byKind.keys()];
    const wanted = tape.chance(4) ? (tape.pick(kinds) ?? kind) : kind;
    return tape.pick(this.#byKind.get(wanted) ?? []) ?? `${kind}_none`;
  }
}
