/** The fields of forms: each with its label, what was typed, and what is wrong with it. */
import { html } from "hono/html";
import type { Html } from "./layout.ts";

/** What was typed, by field name. */
export type Typed = Record<string, string>;

/** What is wrong with it, by field name, in words for the buyer. */
export type Problems = Record<string, string>;

interface FieldOptions {
  name: string;
  label: string;
  typed: Typed;
  problems: Problems;
  autocomplete: string;
  inputmode?: string;
  placeholder?: string;
  type?: string;
  maxlength?: number;
  isOptional?: boolean;
}

export function field(options: FieldOptions): Html {
  const { name, label, typed, problems } = options;
  return html`<div class="field">
    <label for="${name}"
      >${label}${options.isOptional ? html` <span class="quiet">optional</span>` : ""}</label
    >
    <input
      id="${name}"
      name="${name}"
      type="${options.type ?? "text"}"
      value="${typed[name] ?? ""}"
      autocomplete="${options.autocomplete}"
      inputmode="${options.inputmode ?? "text"}"
      placeholder="${options.placeholder ?? ""}"
      maxlength="${options.maxlength ?? 200}"
      ${options.isOptional ? "" : html`required`}
      ${flaws(name, problems)}
    />
    ${problemOf(name, problems)}
  </div>`;
}

export function choice(options: {
  name: string;
  label: string;
  selected: string;
  problems: Problems;
  autocomplete: string;
  options: { value: string; label: string }[];
}): Html {
  const { name, label, selected, problems } = options;
  return html`<div class="field">
    <label for="${name}">${label}</label>
    <select id="${name}" name="${name}" autocomplete="${options.autocomplete}" ${flaws(name, problems)}>
      ${options.options.map(
        (option) =>
          html`<option value="${option.value}" ${option.value === selected ? "selected" : ""}>
            ${option.label}
          </option>`,
      )}
    </select>
    ${problemOf(name, problems)}
  </div>`;
}

/** The first field that is wrong takes the focus, so that who cannot see the page is where to go on. */
function flaws(name: string, problems: Problems): Html {
  if (problems[name] === undefined) return html`aria-invalid="false"`;
  const isFirst = Object.keys(problems)[0] === name;
  return html`aria-invalid="true" aria-describedby="${name}-problem" ${isFirst ? html`autofocus` : ""}`;
}

function problemOf(name: string, problems: Problems): Html | string {
  const problem = problems[name];
  return problem === undefined ? "" : html`<p class="problem" id="${name}-problem">${problem}</p>`;
}

/** What went wrong, above the form, with the way to each field it is about. */
export function alertOf(alert: string | null, problems: Problems = {}): Html | string {
  if (alert === null) return "";
  const links = Object.entries(problems).map(
    ([name, problem]) => html`<li><a href="#${name}">${problem}</a></li>`,
  );
  return html`<div class="alert" role="alert">
    <p>${alert}</p>
    ${
      links.length < 2
        ? ""
        : html`<ul>
            ${links}
          </ul>`
    }
  </div>`;
}
