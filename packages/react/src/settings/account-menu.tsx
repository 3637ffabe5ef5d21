import { useMutation } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, type RefObject } from "react";
import { useBursar } from "../bursar-context.ts";
import { Failure } from "../frame/section.tsx";
import { enter } from "../sign-in/enter.ts";
import { useMe } from "./use-me.ts";
import { rolesWords } from "../messages/areas/roles.ts";
import { settingsWords } from "../messages/areas/settings.ts";

/** Which account this is, the person's others, and the way out. */
export function AccountMenu() {
  const { client, messages, basePath } = useBursar(rolesWords, settingsWords);
  const words = messages.settings.menu;
  const { data: me } = useMe();
  const [menu, close] = useClosing();
  const signOut = useMutation({ mutationFn: client.auth.signOut, onSuccess: () => enter("/sign-in") });
  const move = useMutation({ mutationFn: client.auth.switchAccount, onSuccess: () => enter(basePath) });
  const current = me?.accounts.find((account) => account.current);
  if (me === undefined || current === undefined) return null;
  const error = signOut.error ?? move.error;
  return (
    <details ref={menu} className="bursar-menu">
      <summary aria-label={words.label(current.name)}>{current.name}</summary>
      <div className="bursar-menu-list">
        {me.person === null ? null : (
          <p>
            <strong>{me.person.name}</strong>
            <span className="bursar-muted bursar-sub">{me.person.email}</span>
          </p>
        )}
        <ul>
          {me.accounts.map(({ id, name, role, current: isHere }) => (
            <li key={id}>
              <button
                type="button"
                aria-current={isHere ? "true" : undefined}
                aria-label={isHere ? undefined : words.switchTo(name)}
                onClick={() => (isHere ? close() : move.mutate(id))}
              >
                {name}
                <span className="bursar-muted">{isHere ? words.current : messages.roles[role]}</span>
              </button>
            </li>
          ))}
        </ul>
        <button type="button" onClick={() => signOut.mutate()}>
          {signOut.isPending ? words.signingOut : words.signOut}
        </button>
        {error === null ? null : <Failure error={error} />}
      </div>
    </details>
  );
}

/** A press elsewhere closes it, and so does Escape or what is there already: then the focus goes back to what opened it. */
function useClosing(): [menu: RefObject<HTMLDetailsElement | null>, close: () => void] {
  const menu = useRef<HTMLDetailsElement>(null);
  const close = useCallback(() => {
    if (menu.current === null) return;
    menu.current.open = false;
    menu.current.querySelector("summary")?.focus();
  }, []);
  useEffect(() => {
    const onPress = ({ target }: Event) => {
      if (target instanceof Node && menu.current?.contains(target) === false) menu.current.open = false;
    };
    const onKey = ({ key }: KeyboardEvent) => {
      if (key === "Escape" && menu.current?.open === true) close();
    };
    document.addEventListener("pointerdown", onPress);
    document.addEventListener("keydown", onKey);
    return () => {
      document.removeEventListener("pointerdown", onPress);
      document.removeEventListener("keydown", onKey);
    };
  }, [close]);
  return [menu, close];
}
