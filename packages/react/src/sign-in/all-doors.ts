/* The screens for who is not signed in: one file, because who sees one often goes on to another. */
export { ConfirmEmail } from "./confirm-email.tsx";
export { ForgotPassword } from "./forgot-password.tsx";
export { JoinAccount } from "./join-account.tsx";
export { ResetPassword } from "./reset-password.tsx";
export { SignIn } from "./sign-in.tsx";
