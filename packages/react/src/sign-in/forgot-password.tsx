import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useBursar } from "../bursar-context.ts";
import { BackToSignIn, Door, DoorForm } from "./door.tsx";
import { Field } from "./field.tsx";
import { signInWords } from "../messages/areas/sign-in.ts";

/** Says the same for an address that nobody has. */
export function ForgotPassword() {
  const { client, messages } = useBursar(signInWords);
  const words = messages.signIn;
  const said = useRef<HTMLParagraphElement>(null);
  const ask = useMutation({
    mutationFn: (email: string) => client.auth.forgotPassword({ email }),
  });
  useEffect(() => {
    if (ask.isSuccess) said.current?.focus();
  }, [ask.isSuccess]);
  return (
    <Door heading={words.forgotHeading}>
      {ask.isSuccess ? (
        <p ref={said} tabIndex={-1}>
          {words.sent(ask.variables)}
        </p>
      ) : (
        <>
          <p>{words.forgotLead}</p>
          <DoorForm
            submit={words.forgotSubmit}
            busy={words.sending}
            isBusy={ask.isPending}
            error={ask.error}
            onSend={({ email = "" }) => ask.mutate(email.trim())}
          >
            <Field label={words.email} name="email" type="email" autoComplete="username" />
          </DoorForm>
        </>
      )}
      <BackToSignIn />
    </Door>
  );
}
