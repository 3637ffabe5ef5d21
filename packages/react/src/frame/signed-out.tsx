import { useBursar } from "../bursar-context.ts";
import { useOverview } from "../hooks.ts";
import { useSaid } from "./voice.tsx";

/**
 * A session or token that opens nothing any more: what that may mean, and who can help, by name where the page knew the
 * account (section 13). The way in is the host's to show.
 */
export function SignedOut() {
  const { messages } = useBursar();
  const { data: overview } = useOverview();
  const managers = overview?.contacts.filter(({ role }) => role === "owner" || role === "admin") ?? [];
  const { signedOut, notLetIn } = messages.state;
  const sentence = `${signedOut} ${notLetIn(managers.map(({ name }) => name).join(", "))}`;
  useSaid(sentence);
  return <p>{sentence}</p>;
}
