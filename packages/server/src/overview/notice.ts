/** Something that needs attention, with the one action that solves it. */
export interface Notice {
  readonly id: string;
  readonly severity: "info" | "warning" | "critical";
  readonly title: string;
  readonly detail: string;
  readonly action: { readonly label: string; readonly href: string } | null;
}
