import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { checkCatalog, type Catalog } from "@bursar/core";

/** A catalogue file that cannot be used; the message is for the person who wrote it. */
class CatalogError extends Error {
  override readonly name = "CatalogError";
}

/**
 * Loads and checks the catalogue file.
 * @param path absolute path of a file whose default export is what `defineCatalog` was given
 * @throws CatalogError with every mistake, its path and its reason
 */
export async function loadCatalog(path: string): Promise<Catalog> {
  if (!existsSync(path))
    throw new CatalogError(
      `There is no catalogue at ${path}. Copy bursar.config.ts there, or set BURSAR_CONFIG.`,
    );
  const exported = await importDefault(path);
  const check = checkCatalog(exported);
  if (check.ok) return check.catalog;
  const lines = check.mistakes.map((mistake) => `  ${mistake.path}: ${mistake.reason}`);
  const count = lines.length === 1 ? "1 mistake" : `${lines.length} mistakes`;
  throw new CatalogError(`The catalogue ${path} has ${count}:\n${lines.join("\n")}`);
}

async function importDefault(path: string): Promise<unknown> {
  let module: { default?: unknown };
  try {
    module = (await import(pathToFileURL(path).href)) as { default?: unknown };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CatalogError(`The catalogue ${path} cannot be read: ${reason}`, { cause: error });
  }
  if (module.default === undefined) {
    throw new CatalogError(
      `The catalogue ${path} has no default export. End it with: export default defineCatalog({ ... })`,
    );
  }
  return module.default;
}
