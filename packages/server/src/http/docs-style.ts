/** The look of `/docs`: the system's own letters, light or dark as the reader has it, readable at 360 px. */
export const DOCS_STYLE = `
:root { color-scheme: light dark; --line: light-dark(#dcdfe5, #363b46); --soft: light-dark(#f4f5f8, #1f232b); --quiet: light-dark(#5a6270, #a4abb8); --link: light-dark(#1a4fb8, #8fb4ff); }
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body { margin: 0 auto; max-width: 76rem; padding: 0 1rem 4rem; font: 1rem/1.6 system-ui, sans-serif; background: light-dark(#fff, #15181e); color: light-dark(#1c1f26, #e6e8ee); overflow-wrap: break-word; }
header { display: flex; justify-content: space-between; gap: 1rem; padding: 0.9rem 0; border-bottom: 1px solid var(--line); }
header a:first-child { font-weight: 700; color: inherit; text-decoration: none; }
main { min-width: 0; }
main > p, main > ul, main > ol, main > blockquote { max-width: 46rem; }
h1 { margin: 1.5rem 0 0.75rem; font-size: 1.9rem; line-height: 1.2; }
h2 { margin: 2.5rem 0 0.5rem; font-size: 1.35rem; line-height: 1.3; }
h3 { margin: 2rem 0 0.25rem; font-size: 1.1rem; overflow-wrap: anywhere; }
h4 { margin: 1rem 0 0.25rem; font-size: 0.95rem; }
h3 > b, nav b { text-transform: uppercase; font-size: 0.75em; letter-spacing: 0.04em; }
p, li { max-width: 46rem; }
code { font: 0.9em ui-monospace, monospace; overflow-wrap: anywhere; }
p code, li code, td code { background: var(--soft); padding: 0.1em 0.3em; border-radius: 4px; }
pre { overflow-x: auto; padding: 0.9rem 1rem; border: 1px solid var(--line); border-radius: 8px; background: var(--soft); line-height: 1.45; }
pre code { overflow-wrap: normal; }
a { color: var(--link); }
img { max-width: 100%; height: auto; }
table { border-collapse: collapse; width: 100%; font-size: 0.95rem; }
td, th { border-top: 1px solid var(--line); padding: 0.4rem 0.75rem 0.4rem 0; text-align: left; vertical-align: top; }
td i { color: var(--quiet); font-size: 0.9em; }
.wide { overflow-x: auto; }
.wide td { min-width: 7rem; }
article { border-bottom: 1px solid var(--line); padding-bottom: 1.5rem; }
article table table { margin: 0.25rem 0 0.5rem; border-left: 2px solid var(--line); }
article table table td { padding-left: 0.6rem; }
nav { margin-top: 3rem; padding-top: 0.5rem; border-top: 1px solid var(--line); }
nav h2 { margin: 1.25rem 0 0.25rem; font-size: 0.8rem; color: var(--quiet); }
nav ul { list-style: none; margin: 0; padding: 0; font-size: 0.95rem; overflow-wrap: anywhere; }
nav ul ul { padding-left: 0.75rem; font-size: 0.9rem; }
nav a { display: block; padding: 0.2rem 0; color: inherit; text-decoration: none; }
nav a:hover { text-decoration: underline; }
nav a[aria-current] { color: var(--link); font-weight: 600; }
@media (max-width: 40rem) {
  article td { display: block; border: 0; padding: 0; }
  article td:first-child { border-top: 1px solid var(--line); padding-top: 0.5rem; }
  article td:last-child { padding-bottom: 0.5rem; }
}
@media (min-width: 60rem) {
  body { display: grid; grid-template-columns: 16rem minmax(0, 1fr); column-gap: 3rem; align-items: start; }
  header { grid-column: 1 / -1; }
  header a:last-child { display: none; }
  main { grid-column: 2; }
  nav { grid-column: 1; grid-row: 2; position: sticky; top: 0; max-height: 100vh; overflow-y: auto; margin: 0; padding: 0.5rem 0 2rem; border: 0; }
}
`;
