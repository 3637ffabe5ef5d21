import type { NoticeActionKind, NoticeFacts, Permission, SeatHolder } from "@bursar/client";
import type { Format } from "../../format/create-format.ts";
import { answersInWords } from "../answers-in-words.ts";
import type { Told } from "../told.ts";
import { nameSome, plural } from "./language.ts";
import { problemIn } from "./problems.ts";

/** What the server says in English, from its codes and facts. */
export const toldWords: Told = {
  answers: answersInWords,
  names: {
    Sessions: "Sitzungen",
    Events: "Ereignisse",
    Enrichments: "Anreicherungen",
    Storage: "Speicher",
    "AI tokens": "KI-Tokens",
  },
  notice,
  action: (kind, facts, format) => {
    if (kind === "pay" && facts.code === "past_due")
      return `Jetzt ${format.money(facts.amount, facts.currency)} zahlen`;
    return ACTIONS[kind] ?? null;
  },
  reason,
  atLimit: {
    refused: "Neue Nutzung wird abgelehnt",
    without_credits: "Ohne Guthaben wird neue Nutzung abgelehnt",
    credits: "Ihr Guthaben wird genutzt",
    recorded: "Weitere Nutzung wird gezählt",
  },
  problem: problemIn,
  line: ({ proration, amount, planName, quantity, periodStart, periodEnd }, format) => {
    if (planName === null) return null;
    const span = format.range(periodStart, periodEnd);
    const seats = quantity === null || quantity < 2 ? "" : `, ${seatsOf(quantity, format)}`;
    if (!proration) return `${planName}${seats}, ${span}`;
    return amount < 0
      ? `Nicht genutzte Zeit: ${planName}${seats}, ${span}`
      : `Rest des Zeitraums: ${planName}${seats}, ${span}`;
  },
  later: ({ planName, perSeat, seats, interval }, format) =>
    [
      planName,
      ...(perSeat ? [seatsOf(seats, format)] : []),
      ...(interval === null ? [] : [interval === "month" ? "monatlich" : "jährlich"]),
    ].join(", "),
  loses: ({ losses, losesAccess, keepsAccess, effectiveAt }, format) => [
    ...(losesAccess.length === 0 || keepsAccess === null
      ? []
      : [
          `${nameSome(losesAccess.map(nameOf))} ${losesAccess.length === 1 ? "verliert" : "verlieren"} am ${format.date(effectiveAt)} den Zugang; nur ${nameOf(keepsAccess)} behält ihn`,
        ]),
    ...(losses.seats > 0 ? [`${seatsOf(losses.seats, format)} weniger`] : []),
    ...losses.limits.map(({ name, format: kind, from, to }) => {
      const say = (value: number | null) =>
        value === null ? "unbegrenzt" : kind === "bytes" ? format.bytes(value) : format.count(value);
      return `${name}: ${say(to)} statt ${say(from)}`;
    }),
  ],
};

const seatsOf = (seats: number, format: Format): string =>
  plural(format.counted(seats), { one: "# Platz", other: "# Plätze" });

const nameOf = ({ name, email }: SeatHolder): string => name ?? email;

const ACTIONS: Readonly<Record<NoticeActionKind, string>> = {
  pay: "Jetzt zahlen",
  confirm: "Bei Ihrer Bank bestätigen",
  see_plans: "Pläne ansehen",
  buy_credits: "Guthaben kaufen",
  keep_plan: "Plan behalten",
  update_card: "Karte aktualisieren",
  turn_on_again: "Wieder einschalten",
  see_recharge: "Automatische Aufladung ansehen",
  raise_limit: "Limit erhöhen",
};

function notice(facts: NoticeFacts, format: Format): { title: string; detail: string } | null {
  switch (facts.code) {
    case "past_due": {
      const sum = format.money(facts.amount, facts.currency);
      const next =
        facts.nextAttemptAt === null
          ? "Es war der letzte Versuch."
          : `Wir versuchen es am ${format.date(facts.nextAttemptAt)} erneut.`;
      return {
        title: `Die Zahlung von ${sum} ist am ${format.date(facts.failedAt)} fehlgeschlagen`,
        detail: `${next} Ihr Plan bleibt bis ${format.date(facts.endsAt)}. Von einer neuen Karte buchen wir ${sum} sofort ab.`,
      };
    }
    case "ended_unpaid":
      return {
        title: `${facts.plan} endete am ${format.date(facts.endedAt)}, weil die Zahlung fehlschlug`,
        detail: `Es ist nichts mehr zu zahlen. Sie haben jetzt ${facts.free} mit den Limits dieses Plans; Pakete gibt es nur in bezahlten Plänen. Ihre Daten und Ihr Guthaben bleiben.`,
      };
    case "bank_check":
      return {
        title: "Ihre Bank bittet Sie, eine Zahlung zu bestätigen",
        detail:
          "Ihr Plan hat sich noch nicht geändert. Bestätigen Sie innerhalb einer Stunde, sonst wird die Änderung aufgegeben und nichts abgebucht.",
      };
    case "recharge_bank_check":
      return {
        title: `Ihre Bank bittet Sie, ${format.money(facts.amount, facts.currency)} für die automatische Aufladung zu bestätigen`,
        detail:
          "Es wurde noch nichts abgebucht. Bestätigen Sie innerhalb von 24 Stunden, sonst wird die automatische Aufladung angehalten.",
      };
    case "credits_owed":
      return {
        title: "Ihr Guthaben ist unter null",
        detail: `${format.count(facts.tokens)} Tokens mehr wurden genutzt oder mit einer Erstattung zurückgenommen, als da waren. Neue KI-Arbeit wird abgelehnt, bis ein Kauf oder das Kontingent vom ${format.date(facts.resetsAt)} das ausgleicht.`,
      };
    case "ends_soon":
      return {
        title: `${facts.plan} endet am ${format.date(facts.endsAt)}`,
        detail: "Danach hat das Konto Free. Ihre Daten und Ihr Guthaben bleiben.",
      };
    case "card_expires":
      return {
        title: `Ihre Karte mit den letzten Ziffern ${facts.last4} läuft vor der nächsten Zahlung ab`,
        detail: `Die nächste Zahlung ist am ${format.date(facts.dueAt)} fällig. Hinterlegen Sie vorher eine gültige Karte.`,
      };
    case "limit":
      return limitNotice(facts, format);
    default:
      return rechargeNotice(facts, format);
  }
}

function limitNotice(facts: Extract<NoticeFacts, { code: "limit" }>, format: Format) {
  const { used, limit, state, atLimit } = facts;
  const name = toldWords.names[facts.name] ?? facts.name;
  const say = facts.format === "bytes" ? format.bytes : format.count;
  const over = say(used - limit);
  const standing = {
    warning: "Limit fast erreicht",
    reached: "Limit erreicht",
    over: atLimit === "credits" ? `${over} darüber, aus Guthaben` : `${over} über dem Limit`,
  }[state];
  const consequence = toldWords.atLimit[atLimit];
  return {
    title: `${name}: ${standing}`,
    detail: `${say(used)} von ${say(limit)} genutzt. ${state === "warning" ? `Am Limit gilt: ${consequence}` : consequence}.`,
  };
}

const PAUSED = {
  declined: "Ihre Karte wurde 3-mal abgelehnt. ",
  authentication: "Die Frage Ihrer Bank wurde nicht innerhalb von 24 Stunden beantwortet. ",
  refund: "Ein Paket wurde erstattet. ",
  dispute: "Die Zahlung eines Pakets ist strittig. ",
  no_payment_method: "Es ist keine Karte mehr gespeichert. ",
  pack_withdrawn: "Das Paket wird zu dem Preis, dem Sie zugestimmt haben, nicht mehr verkauft. ",
};

type RechargeFacts = Extract<
  NoticeFacts,
  { code: "recharge_paused" | "recharge_declined" | "recharge_limit" | "recharged_often" }
>;

function rechargeNotice(facts: RechargeFacts, format: Format): { title: string; detail: string } | null {
  switch (facts.code) {
    case "recharge_paused":
      return {
        title: "Die automatische Aufladung ist angehalten",
        detail: `${facts.reason === null ? "" : PAUSED[facts.reason]}Es wird nichts mehr abgebucht, bis Sie sie wieder einschalten.`,
      };
    case "recharge_declined":
      return {
        title: "Die automatische Aufladung konnte Ihre Karte nicht belasten",
        detail: `Die Karte wurde abgelehnt. Es wurde nichts abgebucht.${facts.retryAt === null ? "" : ` Nächster Versuch: ${format.moment(facts.retryAt)}.`}`,
      };
    case "recharge_limit":
      return {
        title: "Die automatische Aufladung hat ihr Ausgabenlimit erreicht",
        detail: `${spentOf(facts, format)} sind ausgegeben. Keine weiteren Aufladungen bis ${format.moment(facts.endsAt)}; wenn Ihr Guthaben verbraucht ist, endet bezahlte Nutzung.`,
      };
    case "recharged_often":
      return {
        title: "Drei oder mehr Aufladungen innerhalb von 24 Stunden",
        detail: `Guthaben wird schneller verbraucht als üblich: ${spentOf(facts, format)} sind in diesem Zeitraum ausgegeben. Zwischen zwei Aufladungen liegen jetzt mindestens zehn Minuten.`,
      };
    // Something that a newer server tells: its own words stand.
    default:
      return null;
  }
}

const spentOf = (
  { spent, limit, currency }: { spent: number; limit: number; currency: string },
  { money }: Format,
): string => `${money(spent, currency)} von ${money(limit, currency)}`;

function reason({ code, names = [] }: Permission): string | null {
  if (code === "role") return `Die Abrechnung ändern können: ${nameSome(names)}.`;
  if (code === "members_role") return `Mitglieder ändern können: ${nameSome(names)}.`;
  if (code === "keys_role") return `Schlüssel ändern können: ${nameSome(names)}.`;
  if (code === "webhooks_role") return `Webhooks ändern können: ${nameSome(names)}.`;
  if (code === "last_owner") return `${nameSome(names)} ist der einzige Inhaber.`;
  return code !== undefined && Object.hasOwn(REASONS, code) ? (REASONS[code] ?? null) : null;
}

const REASONS: Readonly<Record<string, string>> = {
  not_offered: "Ein Widerruf wird hier nicht angeboten.",
  nothing_to_withdraw: "Es gibt keinen Vertrag, der widerrufen werden könnte.",
  withdrawal_over: "Die Frist für den Widerruf dieses Vertrags ist abgelaufen.",
  withdrawing: "Sie haben diesen Vertrag widerrufen. Der Plan wird beendet.",
  highest_plan: "Das ist der höchste Plan.",
  no_seats: "Dieser Plan hat keine Plätze, die sich ändern lassen.",
  nothing_to_cancel: "Es gibt kein Abo, das Sie kündigen könnten.",
  cancelled_already: "Der Plan ist schon gekündigt.",
  not_cancelled: "Es ist nichts gekündigt.",
  arranged: "Dieser Plan ist persönlich mit uns vereinbart. Nehmen Sie für Änderungen Kontakt mit uns auf.",
  bank_pending: "Erst muss Ihre Bank die letzte Änderung bestätigen, oder Sie geben diese auf.",
  change_pending: "Die letzte Änderung ist noch nicht fertig. Laden Sie die Seite gleich neu.",
  payment_due: "Eine Zahlung ist fällig. Zahlen Sie diese zuerst.",
  no_payment_method: "Es gibt noch keine Zahlungsart. Ihr erster Kauf fügt eine hinzu.",
  no_packs: "Es werden keine Pakete verkauft.",
  paid_plan_needed: "Pakete gibt es nur in bezahlten Plänen.",
  no_saved_card: "Die automatische Aufladung braucht eine gespeicherte Karte. Fügen Sie zuerst eine hinzu.",
  recharge_off: "Die automatische Aufladung ist aus.",
  owner_only: "Nur ein Inhaber kann einen Inhaber entfernen.",
  role_above_own: "Die Rolle dieses Schlüssels steht über Ihrer eigenen.",
  key_makes_none: "Ein Schlüssel kann keine Schlüssel anlegen.",
  one_seat: "Dieser Plan hat einen Platz, den des Inhabers. Sie können lesen.",
};
