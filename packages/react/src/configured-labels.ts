import type { Overview } from "@bursar/client";

/** What the operator wants the steps of a withdrawal to say; `null`: what the page says by itself. */
export function withdrawalLabelOf(
  { withdrawal }: Overview["page"],
  step: "start" | "confirm",
  language: string,
): string | null {
  return withdrawal?.labels[step][language] ?? null;
}

/** What the operator wants a button to say that charges the saved card; `null`: what the page says by itself. */
export function payLabelOf(page: Overview["page"], language: string, sum: string): string | null {
  const label = page.labels.pay[language];
  // A function, because a sum may begin with a dollar sign.
  return label?.replace("{sum}", () => sum) ?? null;
}
