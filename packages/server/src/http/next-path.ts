const HOME = "/settings/billing";

/**
 * Where somebody goes on after signing in: a screen of the settings, and nothing else, so that no link to the sign-in
 * leads a person on to a stranger's site. Readers of addresses differ on backslashes and control characters.
 */
export function nextPath(wanted: string | undefined): string {
  if (wanted === undefined || !wanted.startsWith("/settings/") || /[\p{Cc}\s\\]/u.test(wanted)) return HOME;
  const url = URL.parse(wanted, "http://here.invalid");
  if (url?.origin !== "http://here.invalid" || !url.pathname.startsWith("/settings/")) return HOME;
  return url.pathname + url.search + url.hash;
}
