import { ProblemError } from "@bursar/client";
import { useId, type ReactNode } from "react";
import { useBursar } from "../bursar-context.ts";
import { errorInWords } from "../in-words.ts";
import { Icon } from "./icon.tsx";
import { Heading } from "./heading.tsx";
import { SignedOut } from "./signed-out.tsx";
import { Said, useSaid } from "./voice.tsx";

interface SectionProps {
  heading: string;
  /** Beside the heading: a date, a window. */
  aside?: ReactNode;
  className?: string;
  busy?: boolean;
  children: ReactNode;
}

export function Section({ heading, aside, className, busy, children }: SectionProps) {
  const headingId = useId();
  return (
    <section
      className={`bursar-section ${className ?? ""}`}
      aria-labelledby={headingId}
      aria-busy={busy === true ? "true" : undefined}
    >
      <header className="bursar-section-head">
        <Heading depth={1} id={headingId}>
          {heading}
        </Heading>
        {aside === undefined ? null : <p className="bursar-muted">{aside}</p>}
      </header>
      {children}
    </section>
  );
}

/** Grey rows of the size of what will come, so that nothing moves when it does. */
function SkeletonSection({ heading, rows }: { heading: string; rows: number }) {
  const { messages } = useBursar();
  return (
    <Section heading={heading} busy>
      <p className="bursar-hidden">{messages.state.loading}</p>
      <SkeletonRows rows={rows} />
    </Section>
  );
}

/** The place of a part whose code or words are still coming. */
export function PartSkeleton({ rows = 9 }: { rows?: number }) {
  const { messages } = useBursar();
  return (
    <div className="bursar-section" aria-busy="true">
      <p className="bursar-hidden">{messages.state.loading}</p>
      <SkeletonRows rows={rows} />
    </div>
  );
}

export function SkeletonRows({ rows }: { rows: number }) {
  return (
    <div className="bursar-skeleton" aria-hidden="true">
      {Array.from({ length: rows }, (_, index) => (
        <span key={index} />
      ))}
    </div>
  );
}

/** One section failed; the rest of the page works on. */
function FailedSection({ heading, error, retry }: { heading: string; error: Error; retry: () => void }) {
  return (
    <Section heading={heading}>
      <Failure error={error} retry={retry} />
    </Section>
  );
}

/** In the place of a section without its data: it is coming, or could not be had. */
export function AwaitedSection({
  heading,
  rows,
  error,
  retry,
}: {
  heading: string;
  /** Grey ones, of the size of what will come. */
  rows: number;
  error: Error | null;
  retry: () => void;
}) {
  return error === null ? (
    <SkeletonSection heading={heading} rows={rows} />
  ) : (
    <FailedSection heading={heading} error={error} retry={retry} />
  );
}

/**
 * A write that came to nothing, or of which nobody knows: without an answer, or while its first try still runs, it may
 * have gone through. Pressed again it is the same request, so that is said and not "nothing was changed".
 */
export function WriteFailure({ error }: { error: Error }) {
  const { messages } = useBursar();
  const isAnswer = error instanceof ProblemError && error.problem.code !== "idempotency_in_progress";
  if (isAnswer) return <Failure error={error} />;
  return (
    <p className="bursar-in-doubt" role="alert">
      <Icon name="warning" /> {messages.state.inDoubt}
    </p>
  );
}

/** A write whose answer was lost, while it is asked for again. */
export function Doubt({ of: write }: { of: { isPending: boolean; failureCount: number } }) {
  const { messages } = useBursar();
  return write.isPending && write.failureCount > 0 ? <Said>{messages.state.inDoubt}</Said> : null;
}

/**
 * @param retry of what was only to be shown, which is told politely. Without it a person has just done something that
 * failed, and that is an alert (X4)
 */
export function Failure({ error, retry }: { error: Error; retry?: () => void }) {
  const { messages, format, slots } = useBursar();
  const problem = error instanceof ProblemError ? error.problem : null;
  const sentence = errorInWords(error, { messages, format });
  const isSignedOut = problem?.status === 401;
  useSaid(retry === undefined || isSignedOut ? null : sentence, error);
  if (isSignedOut)
    // Without a token, or with one that has ended: a state, which the host knows the way out of.
    return <div className="bursar-failure">{slots.signedOut ?? <SignedOut />}</div>;
  const isRefusal = problem !== null && problem.status < 500 && problem.status !== 429;
  return (
    <div className="bursar-failure" role={retry === undefined ? "alert" : undefined}>
      <p>{sentence}</p>
      {problem === null || problem.requestId === "" ? null : (
        <p className="bursar-muted">
          {messages.state.requestId} <code>{problem.requestId}</code>
        </p>
      )}
      {retry === undefined || isRefusal ? null : (
        <button type="button" className="bursar-button" onClick={retry}>
          {messages.state.tryAgain}
        </button>
      )}
    </div>
  );
}
