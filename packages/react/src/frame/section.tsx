import { ProblemError } from "@bursar/client";
import { useId, type ReactNode } from "react";
import { useBursar } from "../bursar-context.ts";

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
        <h2 id={headingId}>{heading}</h2>
        {aside === undefined ? null : <p className="bursar-muted">{aside}</p>}
      </header>
      {children}
    </section>
  );
}

/** Grey rows of the size of what will come, so that nothing moves when it does. */
export function SkeletonSection({ heading, rows }: { heading: string; rows: number }) {
  const { messages } = useBursar();
  return (
    <Section heading={heading} busy>
      <p className="bursar-hidden">{messages.state.loading}</p>
      <SkeletonRows rows={rows} />
    </Section>
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
export function FailedSection({
  heading,
  error,
  retry,
}: {
  heading: string;
  error: Error;
  retry: () => void;
}) {
  return (
    <Section heading={heading}>
      <Failure error={error} retry={retry} />
    </Section>
  );
}

/** @param retry left out of a refusal, which would be the same again */
export function Failure({ error, retry }: { error: Error; retry?: () => void }) {
  const { messages } = useBursar();
  const problem = error instanceof ProblemError ? error.problem : null;
  const isRefusal = problem !== null && problem.status < 500 && problem.status !== 429;
  return (
    <div className="bursar-failure" role="alert">
      <p>{problem?.detail ?? messages.state.unreachable}</p>
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
