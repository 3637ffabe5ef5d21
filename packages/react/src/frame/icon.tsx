/** A sign of its own shape for each severity and direction: colour alone says nothing to many people. */
export type IconName = "info" | "warning" | "critical" | "good" | "more" | "less";

const paths: Readonly<Record<IconName, string>> = {
  info: "M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13ZM8 7v4.5M8 4.4v.4",
  warning: "M8 2 14.8 14H1.2L8 2ZM8 6.5v3.5M8 11.8v.4",
  critical: "M3.5 3.5l9 9M12.5 3.5l-9 9",
  good: "M2.5 8.5l3.6 3.6 7.4-8",
  more: "M8 13.5v-10M4 7.5l4-4 4 4",
  less: "M8 2.5v10M4 8.5l4 4 4-4",
};

export function Icon({ name }: { name: IconName }) {
  return (
    <svg className={`bursar-icon is-${name}`} viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path
        d={paths[name]}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.6"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
