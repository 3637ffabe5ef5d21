import { ProblemError } from "@bursar/client";
import { useId } from "react";

interface FieldProps {
  label: string;
  /** Also the path by which the server says what is wrong with it. */
  name: string;
  type?: "text" | "email" | "password";
  autoComplete: string;
  defaultValue?: string;
  hint?: string;
  error?: Error | null;
  autoFocus?: boolean;
}

/** A field of a small form, with its hint, and what the server says of it, right below. */
export function Field({ label, name, type = "text", hint, error = null, ...rest }: FieldProps) {
  const id = useId();
  const mistake = mistakeAt(name, error);
  const note = mistake ?? hint;
  return (
    <div className="bursar-field">
      <label htmlFor={id}>{label}</label>
      <input
        {...rest}
        id={id}
        name={name}
        type={type}
        required
        maxLength={200}
        aria-invalid={mistake === null ? undefined : true}
        aria-describedby={note === undefined ? undefined : `${id}note`}
      />
      {note === undefined ? null : (
        <p id={`${id}note`} className={mistake === null ? "bursar-muted" : "bursar-error"}>
          {note}
        </p>
      )}
    </div>
  );
}

function mistakeAt(name: string, error: Error | null): string | null {
  if (!(error instanceof ProblemError)) return null;
  return error.problem.errors?.find(({ path }) => path === name)?.message ?? null;
}

/** What a form holds, as texts. */
export function textsOf(form: HTMLFormElement): Record<string, string> {
  return Object.fromEntries(
    [...new FormData(form)].map(([name, value]) => [name, typeof value === "string" ? value : ""]),
  );
}
