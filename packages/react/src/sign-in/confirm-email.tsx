import { useMutation } from "@tanstack/react-query";
import { useBursar } from "../bursar-context.ts";
import { News } from "../frame/voice.tsx";
import { Door, DoorForm } from "./door.tsx";
import { signInWords } from "../messages/areas/sign-in.ts";

/** Asks before it changes: mail programs open links to look at them. */
export function ConfirmEmail({ token }: { token: string | null }) {
  const { client, messages, basePath } = useBursar(signInWords);
  const words = messages.signIn;
  const confirm = useMutation({
    mutationFn: () => client.auth.confirmEmail({ token: token ?? "" }),
  });
  return (
    <Door heading={words.confirmHeading}>
      {token === null ? <p>{words.noLink}</p> : null}
      <News sentence={confirm.isSuccess ? words.confirmed(confirm.data.email) : null} />
      {token === null || confirm.isSuccess ? null : (
        <>
          <p>{words.confirmLead}</p>
          <DoorForm
            submit={words.confirmSubmit}
            busy={words.confirming}
            isBusy={confirm.isPending}
            error={confirm.error}
            onSend={() => confirm.mutate()}
          >
            {null}
          </DoorForm>
        </>
      )}
      <p>
        <a href={basePath}>{words.toBilling}</a>
      </p>
    </Door>
  );
}
