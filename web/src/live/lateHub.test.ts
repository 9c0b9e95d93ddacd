import { describe, expect, it } from 'vitest';
import type { Hub } from './connection';
import { LateHub } from './lateHub';

class Recorded implements Hub {
  said: string[] = [];
  start = () => this.#say('start');
  stop = () => this.#say('stop');
  on = (method: string) => void this.said.push(`on ${method}`);
  onclose = () => void this.said.push('onclose');

  async invoke<T>(method: string): Promise<T> {
    await this.#say(method);
    return undefined as T;
  }

  async #say(what: string): Promise<void> {
    this.said.push(what);
  }
}

describe('LateHub', () => {
  it('passes on what was wished before its code was there, then starts', async () => {
    const hub = new Recorded();
    const late = new LateHub(async () => hub);
    late.on('quotes', () => undefined);
    late.onclose(() => undefined);
    await expect(late.invoke('Watch')).rejects.toThrow();
    await late.start();
    late.on('feed', () => undefined);
    await late.invoke('Watch');
    await late.stop();
    expect(hub.said).toEqual(['on quotes', 'onclose', 'start', 'on feed', 'Watch', 'stop']);
  });

  it('fails as a connection that does not come about when its code does not', async () => {
    const late = new LateHub(() => Promise.reject(new Error('no network')));
    await expect(late.start()).rejects.toThrow('no network');
    await late.stop();
  });

  it('does not start what was stopped meanwhile', async () => {
    const hub = new Recorded();
    const late = new LateHub(async () => hub);
    const starting = late.start();
    await late.stop();
    await expect(starting).rejects.toThrow();
    expect(hub.said).toEqual([]);
  });
});
