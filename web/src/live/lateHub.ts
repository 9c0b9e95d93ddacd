import type { Hub } from './connection';

/** A connection whose code is loaded with its start: SignalR's is as much as the board's, and no first screen needs it. */
export class LateHub implements Hub {
  #hub: Hub | null = null;
  #stopped = false;
  readonly #wishes: ((hub: Hub) => void)[] = [];

  constructor(private readonly load: () => Promise<Hub>) {}

  async start(): Promise<void> {
    const hub = await this.load();
    if (this.#stopped) throw new Error('It was stopped before its code was here.');
    this.#hub = hub;
    for (const wish of this.#wishes) wish(hub);
    await hub.start();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#hub?.stop();
  }

  invoke<T>(method: string, ...args: unknown[]): Promise<T> {
    return this.#hub ? this.#hub.invoke<T>(method, ...args) : Promise.reject(new Error('It has not been started.'));
  }

  on(method: string, handler: (message: never) => void): void {
    this.#wish((hub) => hub.on(method, handler));
  }

  onclose(handler: () => void): void {
    this.#wish((hub) => hub.onclose(handler));
  }

  #wish(wish: (hub: Hub) => void): void {
    if (this.#hub) wish(this.#hub);
    else this.#wishes.push(wish);
  }
}
