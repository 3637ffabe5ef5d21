import type { Area } from "../area.ts";
import { daysWords as english } from "../en/days.ts";

export const daysWords: Area<"days"> = {
  name: "days",
  english,
  de: () => import("../de/parts/german-days.ts"),
};
