/*
 * Steps that run beside each other, read one after the other. Who began first speaks, line by line as its lines come;
 * the next is kept until that one has ended, then says what was kept and goes on speaking.
 */

export interface Voice {
  hear: (chunk: string) => void;
  end: () => void;
}

export interface Floor {
  /** A whole block, at once, between two lines of whoever speaks. */
  interject: (block: string) => void;
  /** Queues for the floor. */
  join: () => Voice;
}

interface Waiting {
  kept: string;
  hasEnded: boolean;
}

export function createFloor(write: (text: string) => void): Floor {
  const queue: Waiting[] = [];

  function sayWholeLines(speaker: Waiting): void {
    const end = speaker.kept.lastIndexOf("\n") + 1;
    if (end === 0) return;
    write(speaker.kept.slice(0, end));
    speaker.kept = speaker.kept.slice(end);
  }
  function passOn(): void {
    for (let first = queue[0]; first !== undefined; first = queue[0]) {
      sayWholeLines(first);
      if (!first.hasEnded) return;
      if (first.kept !== "") write(`${first.kept}\n`);
      queue.shift();
    }
  }
  return {
    interject: write,
    join() {
      const voice: Waiting = { kept: "", hasEnded: false };
      queue.push(voice);
      return {
        hear(chunk) {
          voice.kept += chunk;
          if (voice === queue[0]) sayWholeLines(voice);
        },
        end() {
          voice.hasEnded = true;
          passOn();
        },
      };
    },
  };
}
