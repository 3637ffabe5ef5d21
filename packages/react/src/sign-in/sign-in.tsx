import { useMutation, useQuery } from "@tanstack/react-query";
import { useBursar } from "../bursar-context.ts";
import { SignedOut } from "../frame/signed-out.tsx";
import { Door, DoorForm } from "./door.tsx";
import { enter } from "./enter.ts";
import { Field } from "./field.tsx";
import { signInWords } from "../messages/areas/sign-in.ts";

/**
 * E-mail and password. It stands where the screen would be that somebody wanted, so that the address is kept and the same
 * screen is there afterwards, with the choice that is in it.
 * @param next where it leads; a path of this site
 * @param hasEnded whether somebody was signed in before: they are told what became of it
 */
export function SignIn({ next, hasEnded = false }: { next: string; hasEnded?: boolean }) {
  const { client, messages } = useBursar(signInWords);
  const words = messages.signIn;
  const { data: options } = useQuery({ queryKey: ["sign-in"], queryFn: client.auth.options });
  const signIn = useMutation({
    mutationFn: ({ email = "", password = "" }: Record<string, string>) =>
      client.auth.signIn({ email: email.trim(), password }),
    onSuccess: () => enter(next),
  });
  return (
    <Door heading={words.heading}>
      {hasEnded ? <SignedOut /> : null}
      {options?.demo === true ? <p className="bursar-muted">{words.demo}</p> : null}
      <DoorForm
        submit={words.submit}
        busy={words.busy}
        isBusy={signIn.isPending || signIn.isSuccess}
        error={signIn.error}
        onSend={(texts) => signIn.mutate(texts)}
      >
        <Field label={words.email} name="email" type="email" autoComplete="username" />
        <Field label={words.password} name="password" type="password" autoComplete="current-password" />
      </DoorForm>
      {options?.mail === false ? <p className="bursar-muted">{words.noMail}</p> : null}
      {options?.mail === true ? (
        <p>
          <a href="/forgot-password">{words.forgot}</a>
        </p>
      ) : null}
    </Door>
  );
}
