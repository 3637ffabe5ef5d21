const day = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  timeZone: "UTC",
});

/** An instant of the server in the shell's words, which are English and no part of the product's page. */
export function inWords(instant: string): string {
  return `${day.format(new Date(instant))} UTC`;
}
