import type { Permission } from "@bursar/client";
import { useId } from "react";
import { isAbsent } from "../arriving.ts";
import { useBursar } from "../bursar-context.ts";
import { Link } from "./link.tsx";
import { useOffline } from "./use-offline.ts";

interface ActionProps {
  label: string;
  permission: Permission;
  primary?: boolean;
  /** Beside the one action that matters most. */
  quiet?: boolean;
}

const classOf = (primary = false, quiet = false) =>
  `bursar-button${primary ? " is-primary" : ""}${quiet ? " is-quiet" : ""}`;

/**
 * A way to another screen. Refused, it stays to be seen and reached, with the reason beside it in words.
 * @param sharedReasonId of the reason, where it stands once for several actions
 */
export function ActionLink({
  label,
  permission,
  primary,
  quiet,
  href,
  sharedReasonId,
}: ActionProps & { href: string; sharedReasonId?: string | undefined }) {
  const ownReasonId = useId();
  const reasonId = sharedReasonId ?? ownReasonId;
  if (isAbsent(permission)) return null;
  if (permission.allowed) {
    return (
      <Link href={href} className={classOf(primary, quiet)}>
        {label}
      </Link>
    );
  }
  return (
    <span className="bursar-refused">
      <a
        role="link"
        tabIndex={0}
        className={classOf(primary, quiet)}
        aria-disabled="true"
        aria-describedby={reasonId}
      >
        {label}
      </a>
      {sharedReasonId === undefined ? (
        <span id={reasonId} className="bursar-reason">
          {permission.reason}
        </span>
      ) : null}
    </span>
  );
}

interface ActionButtonProps extends ActionProps {
  onPress: () => void;
  /** What the button says while it works; it takes no press then. */
  busyLabel?: string;
  busy?: boolean;
}

/**
 * Something that writes: it is off while nothing can be reached. The second click of a double click is none, however fast
 * the first was answered: who clicks twice by habit buys once.
 */
export function ActionButton(props: ActionButtonProps) {
  const { label, primary, quiet, onPress, busy, busyLabel } = props;
  const { messages } = useBursar();
  const reasonId = useId();
  const isOffline = useOffline();
  const permission: Permission =
    isOffline && props.permission.allowed
      ? { allowed: false, reason: messages.state.offlineAction }
      : props.permission;
  const isOff = !permission.allowed || busy === true;
  if (isAbsent(permission)) return null;
  return (
    <span className="bursar-refused">
      <button
        type="button"
        className={classOf(primary, quiet)}
        aria-disabled={isOff ? "true" : undefined}
        aria-describedby={permission.allowed ? undefined : reasonId}
        onClick={isOff ? undefined : ({ detail }) => (detail > 1 ? undefined : onPress())}
      >
        {busy === true ? (busyLabel ?? label) : label}
      </button>
      {permission.allowed ? null : (
        <span id={reasonId} className="bursar-reason">
          {permission.reason}
        </span>
      )}
    </span>
  );
}
