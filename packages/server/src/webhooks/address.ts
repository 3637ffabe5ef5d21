/**
 * Where a webhook may go. An endpoint's address comes from a customer, and the service stands inside a network that the
 * customer does not see: a request to a private address would reach what trusts that network (SSRF).
 */
import ipaddr from "ipaddr.js";

/** `loopback`: this machine too. `any`: wherever the operator says. */
export type Reach = "public" | "loopback" | "any";

/** What the operator allows; docs/settings.md has the words. */
export type WebhookTargets = "public" | "loopback" | "private";

/** The installation's own endpoints are the operator's, and may stand in their network; a customer's may not. */
export function reachOf(targets: WebhookTargets, scope: string): Reach {
  if (targets === "private") return scope === PLATFORM_SCOPE ? "any" : "public";
  return targets;
}

/** Endpoints of the installation itself: they hear of all accounts. */
export const PLATFORM_SCOPE = "platform";

const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR("2000::/3");

/** @param address as the resolver gives it, or as it stands in a URL */
export function isAllowedAddress(address: string, reach: Reach): boolean {
  if (reach === "any") return true;
  if (!ipaddr.isValid(address)) return false;
  // ::ffff:127.0.0.1 is 127.0.0.1.
  const parsed = ipaddr.process(address);
  const range = parsed.range();
  if (range === "loopback") return reach === "loopback";
  if (range !== "unicast") return false;
  // What is assigned to nobody, or carries an IPv4 address in older ways, is not taken for public either.
  return parsed instanceof ipaddr.IPv6 ? parsed.match(GLOBAL_UNICAST) : true;
}

const URL_LENGTH_MAX = 2_000;
/** Control characters, spaces and backslashes: readers of addresses differ on them. */
const AMBIGUOUS = /[\p{Cc}\s\\]/u;

/** @returns why this cannot be an endpoint; `null` when it can. A name is resolved, and judged, at each connection. */
export function urlMistake(text: string, reach: Reach): string | null {
  if (text.length > URL_LENGTH_MAX) return `has ${URL_LENGTH_MAX} characters at most`;
  if (AMBIGUOUS.test(text) || !URL.canParse(text)) return "is not an address";
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") return "names a user; the signature says who sends";
  if (url.hash !== "") return "has a part after #, which is never sent";
  const literal = literalOf(url);
  if (literal !== null && !isAllowedAddress(literal, reach)) return "is an address of a private network";
  if (url.protocol === "https:" || (url.protocol === "http:" && reach !== "public")) return null;
  return "begins with https://";
}

/** The IP address that stands in the URL itself, or `null` for a name. */
export function literalOf({ hostname }: URL): string | null {
  const bare = hostname.replace(/^\[|\]$/g, "");
  return ipaddr.isValid(bare) ? bare : null;
}
