import type { Area } from "../area.ts";
import { paymentWords as english } from "../en/plan.ts";

export const paymentWords: Area<"payment"> = {
  name: "payment",
  english,
  de: () => import("../de/parts/german-frame.ts"),
};
