/** The look of the pages without a script, in the colours of the billing page, light or dark as the reader has it. */
export const PLAIN_STYLE = `
:root { color-scheme: light dark; --line: light-dark(#868e9a, #6f7785); --hairline: light-dark(#e1e4ea, #2a2f38); --quiet: light-dark(#59616e, #a9b0bd); --accent: light-dark(#2554c7, #8fb0ff); }
* { box-sizing: border-box; }
body { margin: 0; padding: 0 16px; font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Open Sans", sans-serif; background: light-dark(#fff, #121418); color: light-dark(#1b1f24, #eceef2); overflow-wrap: break-word; }
main { max-width: 36rem; margin: 48px auto; padding: 24px; border: 1px solid var(--hairline); border-radius: 12px; }
h1 { margin: 0 0 12px; font-size: 1.375rem; line-height: 1.3; }
h2 { margin: 24px 0 8px; font-size: 1rem; }
p { margin: 0 0 12px; }
main > :last-child { margin-bottom: 0; }
form { margin-top: 20px; }
button { min-height: 44px; padding: 8px 18px; border: 1px solid var(--accent); border-radius: 9px; background: var(--accent); color: light-dark(#fff, #0c1a3d); font: inherit; font-weight: 600; cursor: pointer; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
a { color: var(--accent); text-underline-offset: 3px; }
small { color: var(--quiet); font-size: 0.875rem; }
ul { list-style: none; margin: 0; padding: 0; }
li { padding: 12px 0; border-top: 1px solid var(--hairline); }
pre { overflow-x: auto; margin: 0 0 12px; white-space: pre-wrap; font: 0.875rem/1.5 ui-monospace, monospace; }
`;
