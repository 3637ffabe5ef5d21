import type { Area } from "../area.ts";
import { planWords as english } from "../en/plan.ts";

export const planWords: Area<"plan"> = {
  name: "plan",
  english,
  de: () => import("../de/parts/german-frame.ts"),
};
