import type { Area } from "../area.ts";
import { reviewWords as english } from "../en/review.ts";

export const reviewWords: Area<"review"> = {
  name: "review",
  english,
  de: () => import("../de/parts/german-changes.ts"),
};
