import type { Area } from "../area.ts";
import { demoWords as english } from "../en/demo.ts";

export const demoWords: Area<"demo"> = {
  name: "demo",
  english,
  de: () => import("../de/parts/german-demo.ts"),
};
