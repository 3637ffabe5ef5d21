import type { ReactNode, Ref } from "react";
import { useBursar } from "../bursar-context.ts";

interface HeadingProps {
  /** 0 is the page's, 1 a section's, 2 one within a section. */
  depth: 0 | 1 | 2;
  id?: string;
  ref?: Ref<HTMLHeadingElement>;
  tabIndex?: number;
  children: ReactNode;
}

const tags = ["h1", "h2", "h3", "h4", "h5", "h6"] as const;

/** A heading as deep as the host's page is there. */
export function Heading({ depth, ...rest }: HeadingProps) {
  const { headingLevel } = useBursar();
  const Tag = tags[headingLevel - 1 + depth] ?? "h6";
  return <Tag {...rest} />;
}
