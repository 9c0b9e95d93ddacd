import { useServerDates } from '../api/client';
import * as api from '../api/market';
import { QUOTES_PER_CALL } from '../api/shared';
import type { Quote, SymbolInfo } from '../api/types';
import { ServerClock } from './age';
import { EVERYTHING } from './board.svelte';
import { QuoteBook, type Row } from './book';

const RETRY_MS = 5000;
/** The server keeps its list of symbols for a second. */
const EXPECT_MS = 1_000;
const EXPECT_TRIES = 5;

/**
 * What the app knows of the market. Quotes live outside Svelte's reactivity; `version` moves at most once a frame, so
 * a thousand changes cost one drawing.
 */
class Market {
  version = $state(0);
  symbols = $state.raw<readonly string[]>([]);
  /** `loading` until the first list of symbols, `failed` when there is none to show. */
  listing = $state<'loading' | 'ready' | 'failed'>('loading');
  error = $state<string | null>(null);

  /** Whether any page has shown prices; the others have no use for them. */
  wanted = false;

  readonly clock = new ServerClock();
  readonly #book = new QuoteBook();
  infos = $state.raw<ReadonlyMap<string, SymbolInfo>>(new Map());
  readonly #known = new Set<string>();
  #frame: number | null = null;
  #expected = 0;
  #tries = 0;
  #expecting: ReturnType<typeof setTimeout> | null = null;

  row(symbol: string): Row | undefined {
    return this.#book.get(symbol);
  }

  /** Loads once, when the first page that shows prices is opened. */
  want(): void {
    if (!this.wanted) void this.load();
    this.wanted = true;
  }

  /** Loads the list of symbols and the first quotes, which draws a board before the live connection is up. */
  async load(): Promise<void> {
    try {
      const infos = await api.symbols();
      this.#list(infos);
      const missing = this.symbols.filter((symbol) => !this.#book.get(symbol));
      this.apply(await (missing.length > QUOTES_PER_CALL ? api.boardQuotes(EVERYTHING) : api.quotes(missing)));
      this.error = null;
    } catch (error) {
      this.error = error instanceof Error ? error.message : String(error);
      if (this.listing === 'loading') this.listing = 'failed';
      setTimeout(() => void this.load(), RETRY_MS);
    }
  }

  /** The server has so many symbols: where fewer are known, one is new. Not asked for ever, should it never be listed. */
  expect(count: number): void {
    if (count !== this.#expected) [this.#expected, this.#tries] = [count, 0];
    if (count <= this.symbols.length || this.#expecting !== null || this.#tries >= EXPECT_TRIES) return;
    this.#tries++;
    this.#expecting = setTimeout(() => {
      void this.load().finally(() => {
        this.#expecting = null;
        this.expect(this.#expected);
      });
    }, EXPECT_MS);
  }

  apply(quotes: readonly Quote[]): void {
    this.#book.apply(quotes, Date.now());
    this.#learn(quotes);
  }

  hydrate(quotes: readonly Quote[]): void {
    this.#book.hydrate(quotes, Date.now());
    this.#learn(quotes);
  }

  markSource(source: string, stale: boolean): void {
    if (this.#book.markSource(source, stale)) this.#draw();
  }

  #list(infos: readonly SymbolInfo[]): void {
    this.infos = new Map(infos.map((info) => [info.symbol, info]));
    this.#know([...this.infos.keys()]);
    this.listing = 'ready';
    this.#draw();
  }

  // A symbol that is quoted but was not yet listed belongs on the board too.
  #learn(quotes: readonly Quote[]): void {
    if (quotes.length === 0) return;
    this.#know(quotes.map((quote) => quote.symbol));
    this.listing = 'ready';
    this.#draw();
  }

  #know(symbols: readonly string[]): void {
    const added = symbols.filter((symbol) => !this.#known.has(symbol));
    if (added.length === 0) return;
    for (const symbol of added) this.#known.add(symbol);
    this.symbols = [...this.#known];
  }

  #draw(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = null;
      this.version++;
    });
  }
}

export const market = new Market();
useServerDates((date) => market.clock.observeDate(date, Date.now()));
