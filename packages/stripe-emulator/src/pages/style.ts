/** One style sheet for all hosted pages: calm, readable, light and dark, from 360 px up. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: #f6f7f9; --sheet: #fff; --ink: #1c2430; --quiet: #5c6675; --line: #dde1e7;
  --accent: #2f5bd0; --accent-ink: #fff; --bad: #b3261e; --bad-ground: #fdf0ef; --good: #17693c; --good-ground: #e9f6ee;
  --note: #6a4b00; --note-ground: #fff6dc;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #12161c; --sheet: #1b212a; --ink: #e8ecf2; --quiet: #a2adbb; --line: #343d4a;
    --accent: #8caaf6; --accent-ink: #10182b; --bad: #ffb4ab; --bad-ground: #3a1d1b; --good: #8fd8ae; --good-ground: #17301f;
    --note: #f1d48a; --note-ground: #33290f;
  }
}
*, *::before, *::after { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, "Segoe UI", Roboto, sans-serif; }
.test-note { margin: 0; padding: .4rem 1rem; background: var(--note-ground); color: var(--note); text-align: center; font-size: .875rem; }
main { max-width: 62rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
main.narrow { max-width: 40rem; }
.two { display: grid; gap: 2rem; }
@media (min-width: 52rem) { .two { grid-template-columns: 5fr 6fr; gap: 4rem; padding-top: 2rem; } }
h1 { margin: 0 0 .25rem; font-size: 1.125rem; font-weight: 600; color: var(--quiet); }
h2 { margin: 0 0 1rem; font-size: 1.125rem; }
.sum { margin: 0 0 1.5rem; font-size: 2.25rem; font-weight: 650; letter-spacing: -.02em; line-height: 1.2; font-variant-numeric: tabular-nums; }
.sum small { font-size: .9375rem; font-weight: 400; color: var(--quiet); letter-spacing: 0; }
.sheet { background: var(--sheet); border: 1px solid var(--line); border-radius: .75rem; padding: 1.5rem; }
.sheet + .sheet { margin-top: 1.5rem; }
@media (max-width: 30rem) { .sheet { padding: 1.125rem; } }
a { color: var(--accent); text-underline-offset: .15em; }
a:focus-visible, button:focus-visible, input:focus-visible, select:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.back { display: inline-block; margin-bottom: 1.5rem; text-decoration: none; }
.back:hover { text-decoration: underline; }
.lines { margin: 0; padding: 0; list-style: none; }
.lines li { display: flex; gap: 1rem; justify-content: space-between; padding: .75rem 0; border-top: 1px solid var(--line); }
.lines li:first-child { border-top: 0; }
.lines .what { min-width: 0; overflow-wrap: anywhere; }
.quiet { color: var(--quiet); font-size: .875rem; }
.amount { white-space: nowrap; font-variant-numeric: tabular-nums; }
dl.totals { display: grid; grid-template-columns: 1fr auto; gap: .375rem 1rem; margin: .5rem 0 0; padding-top: .75rem; border-top: 1px solid var(--line); }
dl.totals dd { margin: 0; text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
dl.totals .total { font-weight: 650; padding-top: .375rem; }
form.stack { display: grid; gap: 1rem; }
.field { display: grid; gap: .25rem; min-width: 0; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; }
@media (max-width: 24rem) { .pair { grid-template-columns: 1fr; } }
label { font-size: .875rem; font-weight: 550; }
input, select { width: 100%; min-height: 2.75rem; padding: .5rem .75rem; border: 1px solid var(--line); border-radius: .5rem; background: var(--sheet); color: var(--ink); font: inherit; }
textarea { width: 100%; padding: .5rem .75rem; border: 1px solid var(--line); border-radius: .5rem; background: var(--sheet); color: var(--ink); font: inherit; }
textarea:focus-visible, summary:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
button.danger { border-color: var(--bad); color: var(--bad); }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
input[aria-invalid="true"] { border-color: var(--bad); }
input.quantity { width: 6rem; }
.problem { margin: 0; color: var(--bad); font-size: .875rem; }
.alert p, .alert ul { margin: 0; }
.alert a { color: inherit; }
.inline { display: flex; gap: .5rem; }
.code { margin: 0 0 .75rem; padding: .75rem 0 0; border-top: 1px solid var(--line); }
fieldset { min-width: 0; margin: 0; padding: 0; border: 0; }
legend { padding: 0 0 .25rem; font-size: .875rem; font-weight: 550; }
.choices { display: grid; gap: .5rem; }
.choice { display: flex; gap: .75rem; align-items: center; min-height: 2.75rem; padding: .5rem .75rem; border: 1px solid var(--line); border-radius: .5rem; font-size: 1rem; font-weight: 400; cursor: pointer; }
.choice input { flex: none; width: 1.25rem; min-height: 1.25rem; height: 1.25rem; margin: 0; accent-color: var(--accent); }
.stack { display: grid; gap: 1rem; }
form:has(input[name="payment_method"]:checked:not([value="new"])) .new-card { display: none; }
.alert { margin: 0 0 1.25rem; padding: .75rem 1rem; border-radius: .5rem; background: var(--bad-ground); color: var(--bad); }
.notice { margin: 0 0 1.25rem; padding: .75rem 1rem; border-radius: .5rem; background: var(--good-ground); color: var(--good); }
button, .button { display: inline-block; min-height: 2.75rem; padding: .5rem 1rem; border: 1px solid var(--line); border-radius: .5rem; background: var(--sheet); color: var(--ink); font: inherit; font-weight: 550; text-decoration: none; cursor: pointer; }
button.pay { width: 100%; min-height: 3.25rem; border-color: transparent; background: var(--accent); color: var(--accent-ink); font-size: 1.0625rem; font-weight: 600; font-variant-numeric: tabular-nums; }
button[disabled] { opacity: .65; cursor: default; }
.row { display: flex; flex-wrap: wrap; gap: .75rem 1rem; align-items: center; justify-content: space-between; padding: .75rem 0; border-top: 1px solid var(--line); }
.row:first-of-type { border-top: 0; }
ul.rows { margin: 0; padding: 0; list-style: none; }
.row form { display: inline; }
.actions { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; }
.badge { display: inline-block; padding: .05rem .5rem; border-radius: 1rem; border: 1px solid var(--line); font-size: .8125rem; }
.badge.paid, .badge.active, .badge.trialing { background: var(--good-ground); color: var(--good); border-color: transparent; }
.badge.open, .badge.uncollectible, .badge.past_due, .badge.paused, .badge.waiting { background: var(--note-ground); color: var(--note); border-color: transparent; }
.table { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .625rem .75rem .625rem 0; border-top: 1px solid var(--line); text-align: left; vertical-align: top; }
thead th { border-top: 0; font-size: .8125rem; font-weight: 550; color: var(--quiet); }
th.amount, td.amount { text-align: right; }
th:last-child, td:last-child { padding-right: 0; }
.parties { display: grid; grid-template-columns: repeat(auto-fit, minmax(12rem, 1fr)); gap: 1.5rem; margin: 1.5rem 0; }
.parties p { margin: 0; }
.tabs { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: 0 0 1.5rem; padding: 0; list-style: none; border-bottom: 1px solid var(--line); }
.tabs a { display: block; padding: .5rem 0; color: var(--ink); text-decoration: none; }
.tabs a[aria-current] { box-shadow: inset 0 -3px var(--accent); font-weight: 600; }
h1.title { margin-bottom: 1rem; font-size: 1.5rem; color: var(--ink); overflow-wrap: anywhere; }
.search { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; margin: 0 0 1.5rem; }
.search input { flex: 1 1 12rem; width: auto; min-width: 0; }
dl.facts { display: grid; grid-template-columns: minmax(6rem, auto) 1fr; gap: .375rem 1rem; margin: 0; }
dl.facts dt { color: var(--quiet); }
dl.facts dd { margin: 0; min-width: 0; overflow-wrap: anywhere; }
.columns { columns: 13rem; margin: 0; padding: 0; list-style: none; }
.columns li { padding: .125rem 0; }
pre { overflow-x: auto; font-size: .8125rem; line-height: 1.45; }
code { font-size: .9em; overflow-wrap: anywhere; }
.what { min-width: 0; overflow-wrap: anywhere; }
.badge.delivered, .badge.enabled { background: var(--good-ground); color: var(--good); border-color: transparent; }
.badge.failed { background: var(--bad-ground); color: var(--bad); border-color: transparent; }
.row .actions input { width: auto; }
details > summary { cursor: pointer; font-weight: 550; padding: .5rem 0; }
`;
