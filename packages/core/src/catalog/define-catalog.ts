import type { z } from "zod";
import type { catalogSchema } from "./schema.ts";

/** The catalogue as it is written in `bursar.config.ts`. */
export type CatalogInput = z.input<typeof catalogSchema>;

/**
 * Types `bursar.config.ts` while it is written; it changes nothing. The server checks the file at start
 * (`checkCatalog`) and refuses a wrong one with the path and the reason of each mistake.
 */
export function defineCatalog<const Input extends CatalogInput>(input: Input): Input {
  return input;
}
