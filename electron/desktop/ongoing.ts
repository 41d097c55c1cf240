import type { Client } from '../../shared/api.ts';
import type { OperationId } from '../../shared/ids.ts';
import type { Operation, Progress } from '../../shared/model.ts';

/** A delete that runs, as far as it has been told. */
export interface RunningDelete {
  readonly operation: Operation;
  readonly since: number;
  readonly progress: Progress | null;
}

/** What this program's operations are doing now, from core's events: for the taskbar, notifications and quitting. */
export class Ongoing {
  readonly deletes = new Map<OperationId, RunningDelete>();
  /** Set aside, and still to be undone. */
  readonly undoable = new Map<OperationId, Operation>();
  readonly #changed: (() => void)[] = [];
  readonly #ended: ((operation: Operation, tookMs: number) => void)[] = [];

  constructor(client: Client, door: string) {
    client.on('operation', (operation) => {
      if (operation.door === door) this.#take(operation);
    });
    client.on('deleting', ({ operation, progress }) => {
      const running = this.deletes.get(operation);
      if (!running) return;
      this.deletes.set(operation, { ...running, progress });
      this.#tell();
    });
  }

  /** Called after every change. */
  onChange(listener: () => void): void {
    this.#changed.push(listener);
  }

  /** Called when a delete has ended, well or not, with how long it ran. */
  onEnd(listener: (operation: Operation, tookMs: number) => void): void {
    this.#ended.push(listener);
  }

  #take(operation: Operation): void {
    const { id, state } = operation;
    const running = this.deletes.get(id);
    if (state === 'set-aside') this.undoable.set(id, operation);
    else this.undoable.delete(id);
    if (state === 'deleting') {
      this.deletes.set(id, { since: Date.now(), progress: null, ...running, operation });
    } else if (running) {
      this.deletes.delete(id);
      for (const listener of this.#ended) listener(operation, Date.now() - running.since);
    }
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#changed) listener();
  }
}
