/** One of the two ways out. `closed`: whoever read it has gone (`| head`); writing goes nowhere and says nothing. */
export interface Stream {
  readonly isTTY: boolean;
  readonly columns: number;
  readonly colour: boolean;
  readonly closed: boolean;
  write(text: string): void;
}

/** All that the door knows of the world around it. Passed in, so that tests can stand in for a person. */
export interface Terminal {
  readonly stdout: Stream;
  readonly stderr: Stream;
  /** Whether there is somebody to ask. */
  readonly canAsk: boolean;
  readonly cwd: string;
  readonly home: string;
  /** How this program was called, so that what it says to type next can be copied: `cache-inspector`. */
  readonly self: string;
  readonly version: string;
  now(): number;
  /** What the person answered, or null when they left. */
  ask(question: string): Promise<string | null>;
  /** Ctrl-C and its like. While nobody listens, the process ends as usual. Returns the function that stops listening. */
  onInterrupt(listener: () => void): () => void;
  /** Ends the process at once. */
  leave(code: number): void;
}
