import { ConfirmEmail, ForgotPassword, JoinAccount, ResetPassword, SignIn } from "@bursar/react";
import type { ReactNode } from "react";
import { BILLING_PATH } from "./screens.tsx";

/** Screens for who is not signed in, by their paths. A mail's link brings its token. */
const doors: Readonly<Record<string, (token: string | null) => ReactNode>> = {
  "/sign-in": () => <SignIn next={BILLING_PATH} />,
  "/forgot-password": () => <ForgotPassword />,
  "/reset-password": (token) => <ResetPassword token={token} />,
  "/confirm-email": (token) => <ConfirmEmail token={token} />,
  "/invitation": (token) => <JoinAccount token={token} />,
};

/** @returns `null` where it is no door but a screen of the settings */
export function doorAt({ pathname, search, hash }: Location): ReactNode {
  const door = doors[pathname];
  if (door === undefined) return null;
  // Behind # it is not sent to any server, and so is in no log.
  const token = new URLSearchParams(hash.slice(1)).get("token") ?? new URLSearchParams(search).get("token");
  return door(token === "" ? null : token);
}
