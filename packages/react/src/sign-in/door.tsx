import { ProblemError } from "@bursar/client";
import { useEffect, type ReactNode, type SubmitEvent } from "react";
import { useBursar } from "../bursar-context.ts";
import { textsOf } from "./field.tsx";
import { signInWords } from "../messages/areas/sign-in.ts";

/** One question in the middle of the page. */
export function Door({ heading, children }: { heading: string; children: ReactNode }) {
  useEffect(() => {
    document.title = `${heading} | Bursar`;
  }, [heading]);
  return (
    <section className="bursar-door">
      <h1>{heading}</h1>
      {children}
    </section>
  );
}

/** A form that sends what stands in its fields; while it works it takes no second press. */
export function DoorForm({
  submit,
  busy,
  isBusy,
  error,
  onSend,
  quiet = false,
  children,
}: {
  submit: string;
  busy: string;
  isBusy: boolean;
  error: Error | null;
  onSend: (texts: Record<string, string>) => void;
  /** One of several forms on a screen, of which none is the one to press. */
  quiet?: boolean;
  children: ReactNode;
}) {
  const onSubmit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!isBusy) onSend(textsOf(event.currentTarget));
  };
  return (
    <form className="bursar-form" onSubmit={onSubmit}>
      {children}
      {error === null || isBusy ? null : <Refusal error={error} />}
      <p className="bursar-actions">
        <button
          type="submit"
          className={quiet ? "bursar-button" : "bursar-button is-primary"}
          aria-disabled={isBusy ? "true" : undefined}
        >
          {isBusy ? busy : submit}
        </button>
      </p>
    </form>
  );
}

/** Also of a wrong password: there a 401 is no session that has ended, as it is everywhere else. */
function Refusal({ error }: { error: Error }) {
  const { messages, format } = useBursar();
  const problem = error instanceof ProblemError ? error.problem : null;
  // A code alone is of every kind of refusal, and says less than the server's own sentence.
  const told = problem?.reason === undefined ? null : messages.told?.problem(problem, format);
  const words = told ?? problem?.detail ?? messages.state.unreachable;
  return (
    <div className="bursar-failure" role="alert">
      <p>{words}</p>
    </div>
  );
}

export function BackToSignIn() {
  const { messages } = useBursar(signInWords);
  return (
    <p>
      <a href="/sign-in">{messages.signIn.back}</a>
    </p>
  );
}
