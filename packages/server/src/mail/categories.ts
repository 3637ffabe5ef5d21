import type { NoticeCategory } from "../outbox/kind.ts";

/** What a person chooses between, in the words of the page. */
export const CATEGORIES: readonly {
  readonly id: NoticeCategory;
  readonly name: string;
  readonly about: string;
}[] = [
  { id: "usage", name: "Usage", about: "A meter comes to 80 % or 100 % of its limit." },
  { id: "plan", name: "Plan", about: "Plan, interval or seats change." },
  { id: "credits", name: "Credits", about: "Credits are added." },
  {
    id: "payments",
    name: "Payments",
    about: "A payment fails, money goes back, a plan is cancelled or ends, auto-recharge needs somebody.",
  },
  { id: "security", name: "Security", about: "Webhooks stop, somebody signs in anew, keys change." },
];

/** Without these a mail can be turned off by its link; the others only by who is no owner, and not by a click. */
export const OPTIONAL_CATEGORIES: readonly NoticeCategory[] = ["usage", "plan", "credits"];
