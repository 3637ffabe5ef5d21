import type { Problem } from "@bursar/client";
import type { Format } from "../../format/create-format.ts";
import { nameSome, plural } from "./language.ts";

/** Refusals by their reason, else by their code. `null` where only the server's own sentence says enough. */
export function problemIn(problem: Problem, format: Format): string | null {
  const { code, reason, seats, neededSeats, renewsAt } = problem;
  if (code === "seats_in_use" && seats !== undefined && neededSeats !== undefined) {
    const needed = plural(format.counted(neededSeats), { one: "# Platz", other: "# Plätze" });
    return `Nötig: ${needed}. Belegt von: ${nameSome(seats.map(({ name, email }) => name ?? email))}. Es wurde nichts geändert.`;
  }
  if (reason === "renewal_near" && renewsAt !== undefined)
    return `Ihr Plan verlängert sich in weniger als zwei Stunden, ${format.moment(renewsAt)}. Versuchen Sie es danach erneut. Es wurde nichts geändert.`;
  if (reason !== undefined && Object.hasOwn(REASONS, reason)) return REASONS[reason] ?? null;
  return Object.hasOwn(CODES, code) ? (CODES[code] ?? null) : null;
}

const REASONS: Readonly<Record<string, string>> = {
  wrong_password:
    "E-Mail und Passwort gehören nicht zusammen. Prüfen Sie beide, oder lassen Sie sich ein neues Passwort schicken.",
  no_account:
    "Ihr Passwort stimmt, aber Sie sind hier in keinem Konto Mitglied. Bitten Sie einen Inhaber des Kontos um eine Einladung.",
  contact_us:
    "Dieser Plan ist persönlich mit uns vereinbart. Nehmen Sie für Änderungen Kontakt mit uns auf. Es wurde nichts geändert.",
  not_past_due:
    "Sofort beenden lässt sich nur ein Abo mit einer fehlgeschlagenen Zahlung. Kündigen Sie zum Ende des Zeitraums.",
  given_up:
    "Die Änderung kam nicht zustande. Es wurde nichts abgebucht und nichts geändert. Sehen Sie sich die Vorschau neu an, um es noch einmal zu versuchen.",
  in_doubt:
    "Wir wissen noch nicht, ob das geklappt hat. Zahlen Sie nicht noch einmal: Wir prüfen es und führen es zu Ende oder machen es rückgängig.",
  opened_elsewhere:
    "Ein anderer Tab hat im selben Moment eine Zahlung geöffnet. Es wurde nichts abgebucht: Zahlen Sie dort, oder versuchen Sie es hier erneut.",
  there_already:
    "Mindestens eine Adresse ist schon Mitglied, schon eingeladen oder doppelt. Lassen Sie sie weg, und senden Sie die anderen erneut. Niemand wurde eingeladen.",
  owner_only: "Das kann nur ein Inhaber. Es wurde nichts geändert.",
  last_owner: "Das ist der einzige Inhaber. Machen Sie zuerst jemand anderen dazu. Es wurde nichts geändert.",
  accepted_meanwhile:
    "Diese Einladung wurde inzwischen angenommen: Entfernen Sie stattdessen das Mitglied. Es wurde nichts geändert.",
};

const CODES: Readonly<Record<string, string>> = {
  unauthenticated: "Ihre Anmeldung ist abgelaufen. Melden Sie sich neu an. Es wurde nichts geändert.",
  payment_failed:
    "Die Zahlung ist fehlgeschlagen. Es wurde nichts abgebucht und nichts geändert. Versuchen Sie eine andere Karte.",
  payment_requires_action: "Ihre Bank bittet Sie um Bestätigung. Ihr Plan hat sich nicht geändert.",
  forbidden: "Ihre Rolle erlaubt das nicht. Es wurde nichts geändert.",
  no_saved_payment_method:
    "Es ist keine Karte gespeichert. Es wurde nichts geändert. Zahlen Sie stattdessen auf der Seite von Stripe.",
  no_change: "Das ist der Plan, den Sie haben. Es wurde nichts geändert.",
  quote_changed:
    "Der Preis ist ein anderer als der gezeigte. Es wurde nichts abgebucht: Sehen Sie ihn sich neu an.",
  already_subscribed:
    "Dieses Konto hat schon ein Abo. Es wurde nicht noch einmal abgebucht; laden Sie die Seite neu, um es zu sehen.",
  change_in_progress:
    "Eine andere Änderung dieses Plans läuft noch. Es wurde nicht noch einmal abgebucht; warten Sie darauf, oder schließen Sie sie ab.",
  past_due: "Eine Zahlung ist fällig. Zahlen Sie diese zuerst. Es wurde nichts geändert.",
  idempotency_in_progress: "Die erste Anfrage läuft noch. Versuchen Sie es gleich erneut.",
  rate_limited:
    "Das waren zu viele Anfragen in kurzer Zeit. Versuchen Sie es gleich erneut. Es wurde nichts geändert.",
  internal:
    "Bei uns ist etwas schiefgegangen. Versuchen Sie es erneut, und melden Sie uns die Anfrage-ID, wenn es bleibt.",
  stripe_unavailable:
    "Stripe antwortet gerade nicht. Es wurde nichts abgebucht; versuchen Sie es in einer Minute erneut.",
  unavailable: "Der Dienst ist gerade nicht erreichbar. Versuchen Sie es gleich erneut.",
};
