/** The look of `/docs`: the system's own letters, light or dark as the reader has it, readable at 360 px. */
export const REFERENCE_STYLE = `
:root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 18%, transparent); }
body { margin: 0 auto; max-width: 72rem; padding: 1rem; font: 1rem/1.5 system-ui, sans-serif; }
main { min-width: 0; }
h2 { margin-top: 3rem; }
h3 { margin: 2rem 0 0.25rem; font-size: 1.1rem; overflow-wrap: anywhere; }
h4 { margin: 1rem 0 0.25rem; font-size: 0.95rem; }
h3 > b, nav b { text-transform: uppercase; font-size: 0.75em; letter-spacing: 0.04em; }
p { margin: 0.25rem 0; max-width: 46rem; }
code { font: 0.9em ui-monospace, monospace; }
a { color: LinkText; }
table { border-collapse: collapse; width: 100%; font-size: 0.95rem; }
td, th { border-top: 1px solid var(--line); padding: 0.3rem 0.6rem 0.3rem 0; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
article { border-bottom: 1px solid var(--line); padding-bottom: 1.5rem; }
nav ul { list-style: none; margin: 0; padding-left: 0.75rem; font-size: 0.9rem; overflow-wrap: anywhere; }
nav > ul { padding: 0; }
@media (min-width: 60rem) {
  body { display: grid; grid-template-columns: 17rem 1fr; gap: 2.5rem; }
  nav { position: sticky; top: 0; height: 100vh; overflow-y: auto; box-sizing: border-box; padding: 1rem 0; }
}
`;
