import type { Stream, Terminal } from '../terminal.ts';

/** A fake terminal: what was written to it can be read, and the person in front of it does as told. */
export interface FakeTerminal extends Terminal {
  readonly out: () => string;
  readonly err: () => string;
  readonly asked: readonly string[];
  readonly left: readonly number[];
  /** Whether anybody listens for Ctrl-C now. */
  readonly listening: () => boolean;
  interrupt(): void;
  pass(ms: number): void;
}

export interface FakePerson {
  readonly isTTY?: boolean;
  readonly colour?: boolean;
  readonly columns?: number;
  readonly answer?: string | null;
}

export const fakeTerminal = (person: FakePerson = {}): FakeTerminal => {
  const written = { out: '', err: '' };
  const asked: string[] = [];
  const left: number[] = [];
  const listeners = new Set<() => void>();
  let now = Date.parse('2026-05-12T09:30:00.000Z');
  const stream = (which: 'out' | 'err'): Stream => ({
    isTTY: person.isTTY ?? false,
    colour: person.colour ?? false,
    columns: person.columns ?? 80,
    closed: false,
    write: (text) => {
      written[which] += text;
    },
  });
  return {
    stdout: stream('out'),
    stderr: stream('err'),
    canAsk: person.isTTY ?? false,
    cwd: '/home/ada/work',
    home: '/home/ada',
    self: 'cache-inspector',
    version: '1.2.3',
    now: () => now,
    ask: async (question) => {
      asked.push(question);
      return person.answer ?? null;
    },
    onInterrupt: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    leave: (code) => left.push(code),
    out: () => written.out,
    err: () => written.err,
    asked,
    left,
    listening: () => listeners.size > 0,
    interrupt: () => {
      for (const listener of [...listeners]) listener();
    },
    pass: (ms) => {
      now += ms;
    },
  };
};
