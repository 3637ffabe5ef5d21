/** Parameters that Stripe knows and that would change what happens: refused in words rather than ignored. */
import { invalidRequest } from "../../wire/errors.ts";

export function refuseUnserved<P extends object>(params: P, names: readonly (keyof P & string)[]): void {
  const found = names.find((name) => params[name] !== undefined && params[name] !== null);
  if (found === undefined) return;
  throw invalidRequest(`The emulator does not serve \`${found}\` here: leave it out.`, { param: found });
}
