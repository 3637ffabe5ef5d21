import { Suspense, type ComponentType } from "react";
import { later } from "../frame/later.tsx";
import { SkeletonRows } from "../frame/section.tsx";

const load = () => import("./all-doors.ts");

/** A door whose code comes when somebody stands before it. */
function door<Props extends object>(
  choose: (doors: Awaited<ReturnType<typeof load>>) => ComponentType<Props>,
): (props: Props) => React.ReactNode {
  const Door = later<Props>(() => load().then(choose));
  return function LazyDoor(props) {
    return (
      <Suspense
        fallback={
          <div className="bursar-door" aria-busy="true">
            <SkeletonRows rows={5} />
          </div>
        }
      >
        <Door {...props} />
      </Suspense>
    );
  };
}

interface OfMail {
  token: string | null;
}

export const SignIn = /* @__PURE__ */ door<{ next: string; hasEnded?: boolean }>(({ SignIn }) => SignIn);
export const ForgotPassword = /* @__PURE__ */ door<object>(({ ForgotPassword }) => ForgotPassword);
export const ResetPassword = /* @__PURE__ */ door<OfMail>(({ ResetPassword }) => ResetPassword);
export const ConfirmEmail = /* @__PURE__ */ door<OfMail>(({ ConfirmEmail }) => ConfirmEmail);
export const JoinAccount = /* @__PURE__ */ door<OfMail>(({ JoinAccount }) => JoinAccount);
