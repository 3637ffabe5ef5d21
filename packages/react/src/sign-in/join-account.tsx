import type { InvitationSeen } from "@bursar/client";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useBursar } from "../bursar-context.ts";
import { Failure, SkeletonRows } from "../frame/section.tsx";
import { News } from "../frame/voice.tsx";
import { retry } from "../hooks.ts";
import { BackToSignIn, Door, DoorForm } from "./door.tsx";
import { enter } from "./enter.ts";
import { Field } from "./field.tsx";
import { rolesWords } from "../messages/areas/roles.ts";
import { signInWords } from "../messages/areas/sign-in.ts";

/** An invitation, opened by its link: says what it is for, then makes the member and signs them in. */
export function JoinAccount({ token }: { token: string | null }) {
  const { client, messages } = useBursar(signInWords);
  const words = messages.signIn;
  const { data, error, refetch } = useQuery({
    queryKey: ["invitation", token],
    queryFn: () => client.auth.invitation({ token: token ?? "" }),
    enabled: token !== null,
    // Once accepted it is there no more, and the form that accepted it says so.
    staleTime: "static",
    retry,
  });
  if (data !== undefined && token !== null) return <Invited token={token} invitation={data} />;
  return (
    <Door heading={words.invitationTitle}>
      {token === null ? <p>{words.noInvitation}</p> : null}
      {error === null ? null : <Failure error={error} retry={() => void refetch()} />}
      {token !== null && error === null ? <SkeletonRows rows={3} /> : null}
      <BackToSignIn />
    </Door>
  );
}

function Invited({ token, invitation }: { token: string; invitation: InvitationSeen }) {
  const { client, messages, basePath } = useBursar(rolesWords, signInWords);
  const words = messages.signIn;
  const { account, email, name, role, needsPassword } = invitation;
  const join = useMutation({
    mutationFn: ({ name: given = "", password }: Record<string, string>) =>
      client.auth.join({ token, name: given.trim(), ...(password === undefined ? {} : { password }) }),
    onSuccess: ({ status }) => {
      if (status === "signed_in") enter(basePath);
    },
  });
  const heading = words.invitationHeading(account.name);
  if (join.data?.status === "accepted") {
    return (
      <Door heading={heading}>
        <News sentence={words.accepted(account.name)} />
        <BackToSignIn />
      </Door>
    );
  }
  return (
    <Door heading={heading}>
      <p>{words.invitationLead(email, messages.roles[role])}</p>
      <DoorForm
        submit={needsPassword ? words.acceptAndSet : words.accept}
        busy={words.accepting}
        isBusy={join.isPending || join.isSuccess}
        error={join.error}
        onSend={(texts) => join.mutate(texts)}
      >
        <Field
          label={words.yourName}
          name="name"
          autoComplete="name"
          error={join.error}
          {...(name === null ? {} : { defaultValue: name })}
        />
        {needsPassword ? (
          <>
            {/* So that a password manager keeps it with the address. */}
            <input
              type="email"
              className="bursar-hidden"
              tabIndex={-1}
              aria-hidden="true"
              autoComplete="username"
              defaultValue={email}
              readOnly
            />
            <Field
              label={words.newPassword}
              name="password"
              type="password"
              autoComplete="new-password"
              hint={words.passwordHint}
              error={join.error}
            />
          </>
        ) : null}
      </DoorForm>
    </Door>
  );
}
