import type { PlanOffer, Preview } from "@bursar/client";
import { nameIn, type Bursar } from "../in-words.ts";

export function plansInWords<Plans extends { data: PlanOffer[] }>(
  plans: Plans,
  { messages: { told } }: Bursar,
): Plans {
  if (told === null) return plans;
  const data = plans.data.map((offer) => ({
    ...offer,
    limits: offer.limits.map((limit) => ({ ...limit, name: nameIn(told, limit.name) })),
  }));
  return { ...plans, data };
}

export function previewInWords(preview: Preview, { messages: { told }, format }: Bursar): Preview {
  if (told === null) return preview;
  const { dueToday, later, losses } = preview;
  const lines = dueToday.lines.map((line) => ({
    ...line,
    description: told.line(line, format) ?? line.description,
  }));
  const limits = losses.limits.map((limit) => ({ ...limit, name: nameIn(told, limit.name) }));
  return {
    ...preview,
    dueToday: { ...dueToday, lines },
    later: later === null ? null : { ...later, description: told.later(later, format) },
    loses: told.loses({ ...preview, losses: { ...losses, limits } }, format),
  };
}
