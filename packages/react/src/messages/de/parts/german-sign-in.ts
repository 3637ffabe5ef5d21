/** Screens for who is not signed in. */
export { signInWords as signIn } from "../sign-in.ts";
