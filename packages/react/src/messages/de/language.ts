import { createNameSome, createPlural } from "../plural.ts";

export const plural = createPlural("de");

/** "Ann, Bo und 4 weitere" */
export const nameSome = createNameSome("de", (count) => plural(count, { other: "# weitere" }));
