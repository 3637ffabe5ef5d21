import type { Messages } from "../english.ts";
import { plural } from "./language.ts";

/** Choosing a plan. */
export const pickerWords: Messages["picker"] = {
  heading: "Plan wählen",
  plan: "Plan",
  interval: "Abrechnungszeitraum",
  monthsFree: (count) => plural(count, { one: "# Monat gratis", other: "# Monate gratis" }),
  percentLess: (percent) => `mindestens ${percent}\u00a0% weniger`,
  yours: "Ihr Plan",
  ownPrice: "Ihr eigener Preis",
  withdrawn: "Wird nicht mehr verkauft",
  freePrice: "Kostenlos",
  custom: "Eigene Preise, Plätze und Limits. Für einen Wechsel nehmen Sie Kontakt mit uns auf.",
  notSold: "Für diesen Zeitraum nicht im Angebot",
  unlimited: "Unbegrenzt",
  seats: "Plätze",
  fewer: "Ein Platz weniger",
  more: "Ein Platz mehr",
  fewest: (plan, seats, used) =>
    `${plan} beginnt bei ${plural(seats, { one: "# Platz", other: "# Plätzen" })}. ${used} belegt.`,
  seatRange: (min, max) => `Geben Sie eine ganze Zahl von ${min} bis ${max} ein.`,
  none: "Hier wird kein anderer Plan verkauft.",
  trend: { more: "mehr als jetzt", less: "weniger als jetzt" },
  limits: "Limits gelten für das ganze Konto, pro Monat.",
};
