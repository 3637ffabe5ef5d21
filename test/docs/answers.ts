/* Whether what was answered is what a guide shows. */
import { isDeepStrictEqual } from "node:util";

interface Answer {
  status?: number;
  code?: string;
  error?: object;
}

const answersIn = (output: string): Answer[] =>
  output
    .split("\n")
    .filter((line) => /^[[{]/.test(line))
    .map((line) => JSON.parse(line) as Answer);

export const lastAnswer = (output: string): Answer | undefined => answersIn(output).at(-1);

/** The refusals of our API and of Stripe's; a guide that shows one has it in its own words below the command. */
export const refusalsIn = (output: string): Answer[] =>
  answersIn(output).filter(
    ({ status, code, error }) => error !== undefined || (code !== undefined && Number(status) >= 400),
  );

/** Each field that the guide shows is there with this value; three dots stand for the rest of a word. */
export function agrees(shown: unknown, real: unknown): boolean {
  if (typeof shown === "string" && shown.endsWith("...")) {
    return typeof real === "string" && real.startsWith(shown.slice(0, -3));
  }
  if (typeof shown !== "object" || shown === null) return isDeepStrictEqual(shown, real);
  if (typeof real !== "object" || real === null || Array.isArray(shown) !== Array.isArray(real)) return false;
  return Object.entries(shown).every(([name, value]) =>
    agrees(value, (real as Record<string, unknown>)[name]),
  );
}

/** A sentence whose figures are those of its day. */
export const sameSentence = (text: string): string => text.replaceAll(/\d+/g, "0");
