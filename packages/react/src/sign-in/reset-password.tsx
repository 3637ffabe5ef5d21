import { useMutation } from "@tanstack/react-query";
import { useBursar } from "../bursar-context.ts";
import { BackToSignIn, Door, DoorForm } from "./door.tsx";
import { enter } from "./enter.ts";
import { Field } from "./field.tsx";
import { signInWords } from "../messages/areas/sign-in.ts";

/** @param token of the mail's link; `null`: somebody came without one */
export function ResetPassword({ token }: { token: string | null }) {
  const { client, messages, basePath } = useBursar(signInWords);
  const words = messages.signIn;
  const reset = useMutation({
    mutationFn: (password: string) => client.auth.resetPassword({ token: token ?? "", password }),
    onSuccess: () => enter(basePath),
  });
  return (
    <Door heading={words.resetHeading}>
      {token === null ? (
        <p>{words.noLink}</p>
      ) : (
        <>
          <p>{words.resetLead}</p>
          <DoorForm
            submit={words.resetSubmit}
            busy={words.saving}
            isBusy={reset.isPending || reset.isSuccess}
            error={reset.error}
            onSend={({ password = "" }) => reset.mutate(password)}
          >
            <Field
              label={words.newPassword}
              name="password"
              type="password"
              autoComplete="new-password"
              hint={words.passwordHint}
              error={reset.error}
            />
          </DoorForm>
        </>
      )}
      {token === null || reset.isError ? (
        <p>
          <a href="/forgot-password">{words.askAgain}</a>
        </p>
      ) : null}
      <BackToSignIn />
    </Door>
  );
}
