import type { Count } from "../plural.ts";
import { inSentence, plural } from "./language.ts";

/** Use by day, mails about a meter, and where it is going. */
export const daysWords = {
  perDay: {
    heading: "Usage per day",
    meter: "Meter",
    span: "Period",
    spans: {
      window: (range: string) => `This period, ${range}`,
      days: (count: Count) => plural(count, { one: "Last day", other: "Last # days" }),
      own: "Choose days",
    },
    from: "From",
    to: "To",
    shownAs: "Shown as",
    chart: "Chart",
    table: "Table",
    dayInChart: (meter: string) => `${meter}, day by day`,
    keys: "Use the arrow keys to go from day to day.",
    readout: (date: string, quantity: string) => `${date}: ${quantity}.`,
    soFar: (date: string) => `${date}, so far`,
    total: (total: string) => `Total ${total}.`,
    caption: (meter: string) => `${meter} per day (UTC), newest first`,
    columns: { day: "Day", quantity: "Per day", level: "At the end of the day", total: "Total" },
    legend: {
      day: "Per day",
      level: "At the end of the day",
      today: "Today, so far",
      total: "Total",
      projection: "Projection",
      limit: "Limit",
    },
    limit: (limit: string) => `Limit ${limit}`,
    before: (date: string, quantity: string) =>
      `Of ${date}, ${quantity} were used before this period began and do not count in it.`,
    nothing: "Nothing was counted in these days.",
    nothingHint: "As soon as your product reports use of this meter, it shows here.",
  },
  groups: {
    /** "By project": the name is the operator's. */
    heading: (name: string) => `By ${inSentence(name)}`,
    caption: (meter: string, name: string) => `${meter} by ${inSentence(name)}, largest first`,
    used: "Used",
    share: "Share",
    none: "Not assigned",
    others: (count: Count) => plural(count, { one: "# other", other: "# others" }),
    othersUncounted: "Others",
    total: "Total",
  },
  alerts: {
    label: (meter: string) => `Mail me at 80\u00a0% and 100\u00a0% of ${meter}`,
    allOff: "Your mails about usage are off as a whole, in your notification settings.",
    saving: "Saving",
    saved: "Saved.",
    failed: "This could not be saved. Try again.",
  },
  projection: {
    range: (low: string, high: string, date: string) => `At this pace ${low} to ${high} by ${date}.`,
    one: (amount: string, date: string) => `At this pace ${amount} by ${date}.`,
    mid: (mid: string) => `Most likely about ${mid}.`,
    stops: (limit: string) => `Use would stop at ${limit}.`,
    reaches: (limit: string, date: string) => `You reach ${limit} around ${date}.`,
    basis: "From the last full days, 7 at most.",
    none: "A projection needs three full days of recent use.",
    seePlans: "See plans",
  },
};
