/* The hosted pages of the offline Stripe, used as a browser without script would: read the form, fill it, send it. */

const PAYS = "4242424242424242";
export const DECLINES = "4000000000000002";

/** What a person types; the rest of the form is sent as the page filled it. */
const TYPED = {
  expiry: "12 / 34",
  cvc: "123",
  name: "Ann Lindt",
  line1: "Hauptstraße 1",
  city: "Berlin",
  postal_code: "10115",
  country: "DE",
};

/** Types the card into the page at this address and presses the button. */
export async function payHostedPage(
  url: string,
  card = PAYS,
): Promise<{ status: number; location: string | null; text: string }> {
  const page = await (await fetch(url)).text();
  const fields = { ...fieldsOf(page), ...TYPED, number: card };
  const response = await fetch(url, {
    method: "POST",
    redirect: "manual",
    body: new URLSearchParams(fields),
  });
  return {
    status: response.status,
    location: response.headers.get("location"),
    text: await response.text(),
  };
}

/** The inputs of a page with their values. */
function fieldsOf(page: string): Record<string, string> {
  const inputs = [...page.matchAll(/<input\b[^>]*>/g)].map(([tag]) => tag);
  const pairs = inputs.map((tag): [string, string] => [
    / name="([^"]*)"/.exec(tag)?.[1] ?? "",
    / value="([^"]*)"/.exec(tag)?.[1] ?? "",
  ]);
  return Object.fromEntries(pairs.filter(([name]) => name !== ""));
}

/** The session that a hosted page's address, or the way back from it, names. */
export function sessionIdIn(address: string): string {
  const id = /cs_[A-Za-z0-9_]+/.exec(address)?.[0];
  if (id === undefined) throw new Error(`${address} names no session.`);
  return id;
}
