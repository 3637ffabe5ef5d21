import type { Me } from "@bursar/client";
import { useMutation } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState, type RefObject } from "react";
import { useBursar } from "../bursar-context.ts";
import { Failure, SkeletonRows } from "../frame/section.tsx";
import { useOverview } from "../hooks.ts";
import { enter } from "../sign-in/enter.ts";
import { useMe } from "./use-me.ts";
import { rolesWords } from "../messages/areas/roles.ts";
import { settingsWords } from "../messages/areas/settings.ts";

/**
 * Which account this is, the person's others, and the way out. Who they are is asked once somebody is about to open it, or
 * where the overview, which says the account too, cannot be had: few do, and the first screen need not wait for it.
 */
export function AccountMenu() {
  const { client, messages, basePath } = useBursar(rolesWords, settingsWords);
  const words = messages.settings.menu;
  const overview = useOverview();
  const [isWanted, setWanted] = useState(false);
  const { data: me, error: unknown, isLoading, refetch } = useMe(isWanted || overview.isError);
  const [menu, close] = useClosing();
  const signOut = useMutation({ mutationFn: client.auth.signOut, onSuccess: () => enter("/sign-in") });
  const move = useMutation({ mutationFn: client.auth.switchAccount, onSuccess: () => enter(basePath) });
  const name = overview.data?.account.name ?? me?.accounts.find(({ current }) => current)?.name;
  if (name === undefined) return null;
  const error = signOut.error ?? move.error;
  const want = () => setWanted(true);
  return (
    <details ref={menu} className="bursar-menu" onPointerEnter={want} onFocus={want} onToggle={want}>
      <summary aria-label={words.label(name)}>{name}</summary>
      <div className="bursar-menu-list" aria-busy={isLoading ? "true" : undefined}>
        {me !== undefined ? (
          <Accounts me={me} close={close} move={move.mutate} />
        ) : unknown === null ? (
          <SkeletonRows rows={2} />
        ) : (
          <Failure error={unknown} retry={() => void refetch()} />
        )}
        <button type="button" onClick={() => signOut.mutate()}>
          {signOut.isPending ? words.signingOut : words.signOut}
        </button>
        {error === null ? null : <Failure error={error} />}
      </div>
    </details>
  );
}

/** Who is signed in, and each account of theirs; a press leads there. */
function Accounts({ me, close, move }: { me: Me; close: () => void; move: (id: string) => void }) {
  const { messages } = useBursar(rolesWords, settingsWords);
  const words = messages.settings.menu;
  return (
    <>
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
              onClick={() => (isHere ? close() : move(id))}
            >
              {name}
              <span className="bursar-muted">{isHere ? words.current : messages.roles[role]}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
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
