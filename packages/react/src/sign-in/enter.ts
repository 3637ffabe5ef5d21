/** The way on is a whole new page: nothing that was kept of another session may be shown in this one. */
export function enter(href: string): void {
  if (href === window.location.pathname + window.location.search) window.location.reload();
  else window.location.assign(href);
}
