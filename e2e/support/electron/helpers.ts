import { fork } from 'node:child_process';
import { EventEmitter } from 'node:events';

/** Gives a child of Node the port that Electron gives its utility processes. */
const withParentPort = `data:text/javascript,${encodeURIComponent(`
  process.parentPort = {
    on: (event, listener) => process.on(event, (data) => listener({ data })),
    postMessage: (message) => process.send(message),
  };
`)}`;

/** Part of the stand-in for Electron: utility processes, which are ordinary processes here. */
export class FakeUtilityProcess extends EventEmitter {
  static readonly started: string[] = [];
  readonly #child: ReturnType<typeof fork>;

  constructor(script: string) {
    super();
    this.#child = fork(script, {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: ['--disable-warning=ExperimentalWarning', '--import', withParentPort],
    });
    this.#child.on('message', (message) => this.emit('message', message));
    this.#child.on('exit', (code) => this.emit('exit', code ?? 1));
  }
  static fork(script: string): FakeUtilityProcess {
    FakeUtilityProcess.started.push(script);
    return new FakeUtilityProcess(script);
  }
  get pid(): number | undefined {
    return this.#child.pid;
  }
  postMessage(message: unknown): void {
    if (this.#child.connected) this.#child.send(message as object);
  }
  kill(): boolean {
    return this.#child.kill();
  }
}
