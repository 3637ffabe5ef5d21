import type { Overview } from "@bursar/client";
import { useBursar } from "../bursar-context.ts";
import { planWords } from "../messages/areas/plan.ts";

/** The way to a person, where a plan is arranged and not bought (OV3): the host's own, else the catalogue's address. */
export function ContactUs({ overview }: { overview: Overview }) {
  const { messages, slots } = useBursar(planWords);
  if (slots.contact !== undefined) return <>{slots.contact}</>;
  const { contactUrl } = overview.page;
  if (contactUrl === null) return null;
  return (
    <a href={contactUrl} className="bursar-button">
      {messages.plan.contact}
    </a>
  );
}
