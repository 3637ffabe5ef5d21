import type { Permission } from "@bursar/client";
import { useId } from "react";
import { Link } from "./link.tsx";

interface ActionProps {
  label: string;
  permission: Permission;
  primary?: boolean;
}

const classOf = (primary: boolean | undefined) =>
  primary === true ? "bursar-button is-primary" : "bursar-button";

/**
 * A way to another screen. Refused, it stays to be seen and reached, with the reason beside it in words.
 * @param sharedReasonId of the reason, where it stands once for several actions
 */
export function ActionLink({
  label,
  permission,
  primary,
  href,
  sharedReasonId,
}: ActionProps & { href: string; sharedReasonId?: string | undefined }) {
  const ownReasonId = useId();
  const reasonId = sharedReasonId ?? ownReasonId;
  if (permission.allowed) {
    return (
      <Link href={href} className={classOf(primary)}>
        {label}
      </Link>
    );
  }
  return (
    <span className="bursar-refused">
      <a
        role="link"
        tabIndex={0}
        className={classOf(primary)}
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

export function ActionButton({ label, permission, primary, onPress, busy, busyLabel }: ActionButtonProps) {
  const reasonId = useId();
  const isOff = !permission.allowed || busy === true;
  return (
    <span className="bursar-refused">
      <button
        type="button"
        className={classOf(primary)}
        aria-disabled={isOff ? "true" : undefined}
        aria-describedby={permission.allowed ? undefined : reasonId}
        onClick={isOff ? undefined : onPress}
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
