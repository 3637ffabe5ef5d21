import { useState, type FormEvent } from "react";

interface Line {
  from: "you" | "parrot";
  text: string;
}
/** What the server answers with 402: the sentence, and where to get more. */
interface Refusal {
  detail: string;
  wayOut: string;
}

const post = (path: string, body?: unknown) =>
  fetch(path, { method: "POST", ...(body === undefined ? {} : { body: JSON.stringify(body) }) });

export function Chat({ navigate }: { navigate: (href: string) => void }) {
  const [chatId, setChatId] = useState<string | null>(null);
  const [lines, setLines] = useState<Line[]>([]);
  const [draft, setDraft] = useState("");
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [isBusy, setIsBusy] = useState(false);

  async function begin(): Promise<string | null> {
    const response = await post("/chats");
    if (!response.ok) return refuse(response);
    const { id } = (await response.json()) as { id: string };
    setChatId(id);
    return id;
  }

  async function refuse(response: Response): Promise<null> {
    const { detail, wayOut = "" } = (await response.json()) as Refusal;
    setRefusal({ detail, wayOut });
    return null;
  }

  async function send(event: FormEvent): Promise<void> {
    event.preventDefault();
    setRefusal(null);
    setIsBusy(true);
    try {
      const id = chatId ?? (await begin());
      if (id === null) return;
      const response = await post("/messages", { chatId: id, message: draft });
      // Nothing was asked of the model, so what was typed stays for the next try.
      if (!response.ok) return void (await refuse(response));
      setDraft("");
      setLines((before) => [...before, { from: "you", text: draft }, { from: "parrot", text: "" }]);
      for await (const words of response.body!.pipeThrough(new TextDecoderStream())) {
        setLines((before) => [...before.slice(0, -1), { from: "parrot", text: before.at(-1)!.text + words }]);
      }
    } finally {
      setIsBusy(false);
    }
  }

  return (
    <main className="parrot-chat">
      <h1>Chat</h1>
      <ol aria-live="polite">
        {lines.map(({ from, text }, index) => (
          <li key={index} className={`from-${from}`}>
            {text}
          </li>
        ))}
      </ol>
      {refusal === null ? null : (
        <div role="alert" className="parrot-refusal">
          <strong>{refusal.wayOut === "" ? "That did not work" : "Out of credits"}</strong>
          <p>{refusal.detail}</p>
          {refusal.wayOut === "" ? null : (
            <a
              href={refusal.wayOut}
              onClick={(event) => {
                event.preventDefault();
                navigate(refusal.wayOut);
              }}
            >
              {refusal.wayOut.endsWith("credits") ? "Buy credits" : "See the plans"}
            </a>
          )}
        </div>
      )}
      <form onSubmit={(event) => void send(event)}>
        <input
          aria-label="Message"
          placeholder="Say something"
          required
          maxLength={300}
          value={draft}
          onChange={(event) => setDraft(event.target.value)}
        />
        <button disabled={isBusy}>{isBusy ? "Answering" : "Send"}</button>
      </form>
      <button
        type="button"
        className="parrot-quiet"
        disabled={isBusy || chatId === null}
        onClick={() => {
          setChatId(null);
          setLines([]);
          setRefusal(null);
        }}
      >
        New chat
      </button>
    </main>
  );
}
