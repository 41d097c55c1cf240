import type { Client } from '../../shared/api.ts';
import type { ByteUnits } from '../../shared/format.ts';
import type { Settings } from '../../shared/model.ts';

/** The settings as they are now, kept current by core's events, whichever door changed them. */
export class Preferences {
  #settings: Settings | null = null;
  readonly #listeners: ((settings: Settings) => void)[] = [];

  /** Begins to follow. Whoever listens is told at once, and again with every change. */
  async follow(client: Client): Promise<void> {
    client.on('settings', (settings) => this.#set(settings));
    const answer = await client.call('settings', {});
    if (answer.ok) this.#set(answer.value);
  }

  onChange(listener: (settings: Settings) => void): void {
    this.#listeners.push(listener);
  }

  /** How bytes are written: `platform` is what the system's own file manager does. */
  get byteUnits(): ByteUnits {
    const chosen = this.#settings?.byteUnits ?? 'platform';
    if (chosen !== 'platform') return chosen;
    return process.platform === 'win32' ? 'binary' : 'decimal';
  }

  #set(settings: Settings): void {
    this.#settings = settings;
    for (const listener of this.#listeners) listener(settings);
  }
}
