import type { Area } from "../area.ts";
import { peopleWords as english } from "../en/people.ts";

export const peopleWords: Area<"people"> = {
  name: "people",
  english,
  de: () => import("../de/parts/german-changes.ts"),
};
