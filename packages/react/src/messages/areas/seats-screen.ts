import type { Area } from "../area.ts";
import { seatsWords as english } from "../en/people.ts";

export const seatsScreenWords: Area<"seatsScreen"> = {
  name: "seatsScreen",
  english,
  de: () => import("../de/parts/german-changes.ts"),
};
