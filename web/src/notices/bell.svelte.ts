import { session } from '../identity/session.svelte';
import { live } from '../live/live.svelte';
import * as api from './api';

/** How many notices are unread, and those that came while the page was open. Pushed, not asked for again and again. */
class Notices {
  unread = $state(0);
  /** Those that were pushed, the newest first; each once, however often it comes. */
  fresh = $state.raw<readonly api.Notice[]>([]);
  #since = '';

  constructor() {
    live.onNotice((notice) => this.#take(notice));
  }

  /** Asks how many there are. */
  async load(): Promise<void> {
    const user = session.user?.userId ?? '';
    if (user !== this.#since) [this.fresh, this.#since] = [[], user];
    if (user === '') this.unread = 0;
    else this.unread = (await api.unread()).unread;
  }

  /** Something was read here. */
  async read(id: string): Promise<api.Notice> {
    const notice = await api.markRead(id);
    await this.load();
    return notice;
  }

  async readAll(): Promise<void> {
    await api.markAll();
    this.unread = 0;
  }

  #take(notice: api.Notice): void {
    // One that was folded comes again with a higher count.
    if (this.fresh.some(({ id, count }) => id === notice.id && count === notice.count)) return;
    this.fresh = [notice, ...this.fresh.filter(({ id }) => id !== notice.id)].slice(0, 20);
    void this.load().catch(() => undefined);
  }
}

export const notices = new Notices();
