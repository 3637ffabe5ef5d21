import type { Area } from "../area.ts";
import { signInWords as english } from "../en/sign-in.ts";

export const signInWords: Area<"signIn"> = {
  name: "signIn",
  english,
  de: () => import("../de/parts/german-sign-in.ts"),
};
