import type { Messages } from "../english.ts";

/** The plan as it is, and what will change. */
export const planWords: Messages["plan"] = {
  heading: "Aktueller Plan",
  free: (reset) => `Kostenlos, ohne Karte. Die Nutzung beginnt am ${reset} neu.`,
  seats: (seats, used) => `${seats}, ${used} belegt`,
  renews: (date) => `Verlängert sich am ${date} (UTC)`,
  ends: (date) => `Endet am ${date}, danach Free. Ihre Daten bleiben erhalten.`,
  pending: (date, change) => `Geplant zum ${date}: ${change}.`,
  pendingPlan: (plan, next) => `${plan} wird zu ${next}`,
  pendingSeats: (plan, from, to) => `${plan} geht von ${from} auf ${to}`,
  perSeat: (interval) => `pro Platz / ${interval}`,
  perPlan: (interval) => `/ ${interval}`,
  ownPrice: {
    in_force: (price) => `Ihr eigener Preis: ${price}, zzgl. MwSt.`,
    starts: (price, date) => `Ab ${date} gilt Ihr eigener Preis: ${price}, zzgl. MwSt.`,
    ends: (price, date) => `Ihr eigener Preis endet am ${date}. Danach: ${price}, zzgl. MwSt.`,
  },
  endsNamed: (plan, date) => `${plan} endet am ${date}, danach Free. Ihre Daten bleiben erhalten.`,
  pastDue: "Zahlung überfällig",
  upgrade: "Höheren Plan wählen",
  change: "Plan ändern",
  manageSeats: "Plätze verwalten",
  cancel: "Abo kündigen",
  withdraw: "Vertrag widerrufen",
  withdrawn: "Bestätigung Ihres Widerrufs",
  contact: "Kontakt aufnehmen",
  undo: "Rückgängig machen",
  undoing: "Wird rückgängig gemacht",
  keep: "Plan behalten",
  keeping: "Ihr Plan wird behalten",
  kept: (plan) => `${plan} bleibt.`,
  keptSeats: (plan, seats) => `${plan} bleibt, mit: ${seats}.`,
};

/** The next invoice and the card that pays it. */
export const paymentWords: Messages["payment"] = {
  heading: "Zahlung",
  next: "Nächste Rechnung",
  about: (sum) => `etwa ${sum}`,
  card: (brand, last4, expires) => `${brand}\u00a0••••\u00a0${last4}, gültig bis ${expires}`,
  noCard: "Noch keine Karte gespeichert.",
  manage: "Zahlung verwalten",
  opening: "Stripe wird geöffnet",
  manageHint: "Karten, Rechnungen, Adresse und USt-IdNr. bei Stripe, danach zurück hierher.",
  inclVat: "inkl.\u00a0MwSt.",
  plusVat: "zzgl. MwSt.",
};
