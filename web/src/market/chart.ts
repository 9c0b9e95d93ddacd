import {
  CandlestickSeries, createChart, HistogramSeries, type CandlestickData, type HistogramData, type IChartApi,
  type ISeriesApi, type MouseEventParams, type PriceFormatCustom, type Time, type UTCTimestamp,
} from 'lightweight-charts';
import type { Bar, Interval } from '../api/types';
import { decimalsOf, formatPrice } from './format';

// The library draws UTC: exchange time is drawn by shifting. India keeps no summer time.
const IST_OFFSET_SECONDS = 19_800;
const VOLUME_TOP = 0.8;
const FIRST_BARS_SHOWN = 110;
const RIGHT_OFFSET_BARS = 4;

/** Candles with volume, drawn by lightweight-charts in the page's own colours. */
export class CandleChart {
  readonly #chart: IChartApi;
  readonly #candles: ISeriesApi<'Candlestick'>;
  readonly #volume: ISeriesApi<'Histogram'>;
  #drawn: readonly Bar[] = [];
  #interval: Interval = '1m';
  #upSoft = '';
  #downSoft = '';

  constructor(private readonly host: HTMLElement, onHover: (bar: Bar | null) => void) {
    this.#chart = createChart(host, {
      autoSize: true,
      layout: { attributionLogo: true, fontFamily: getComputedStyle(host).fontFamily, fontSize: 11 },
      timeScale: { timeVisible: true, secondsVisible: false, rightOffset: RIGHT_OFFSET_BARS },
      localization: { locale: 'en-IN' },
      // Candles end where the volume below them begins.
      rightPriceScale: { borderVisible: false, scaleMargins: { top: 0.1, bottom: 1 - VOLUME_TOP + 0.04 } },
    });
    this.#candles = this.#chart.addSeries(CandlestickSeries, {});
    this.#volume = this.#chart.addSeries(HistogramSeries, {
      priceScaleId: 'volume', priceFormat: { type: 'volume' }, lastValueVisible: false, priceLineVisible: false,
    });
    this.#volume.priceScale().applyOptions({ scaleMargins: { top: VOLUME_TOP, bottom: 0 } });
    this.#chart.subscribeCrosshairMove((event) => onHover(this.#barAt(event)));
    this.paint();
  }

  /** Draws `bars`; where only the last ones differ from what is drawn, only those. */
  draw(bars: readonly Bar[], interval: Interval): void {
    const drawn = this.#drawn;
    let same = Math.min(drawn.length, bars.length);
    while (same > 0 && drawn[same - 1] !== bars[same - 1]) same--;
    const appends = interval === this.#interval && drawn.length > 0 && same >= drawn.length - 1;
    this.#drawn = bars;
    this.#interval = interval;
    if (appends) {
      for (const bar of bars.slice(same)) {
        this.#candles.update(candle(bar, interval));
        this.#volume.update(this.#column(bar));
      }
      return;
    }
    this.#candles.applyOptions({ priceFormat: priceFormat(bars) });
    this.#candles.setData(bars.map((bar) => candle(bar, interval)));
    this.#volume.setData(bars.map((bar) => this.#column(bar)));
    this.#chart.applyOptions({ timeScale: { timeVisible: interval === '1m' } });
    if (drawn.length === 0) this.#showLatest(bars.length);
  }

  /** Takes the colours of the theme. */
  paint(): void {
    const style = getComputedStyle(this.host);
    const colour = (name: string): string => style.getPropertyValue(name).trim();
    this.#chart.applyOptions({
      layout: { background: { color: 'transparent' }, textColor: colour('--muted') },
      grid: { vertLines: { color: colour('--line-soft') }, horzLines: { color: colour('--line-soft') } },
      timeScale: { borderColor: colour('--line') },
    });
    this.#upSoft = colour('--up-soft');
    this.#downSoft = colour('--down-soft');
    const up = colour('--up');
    const down = colour('--down');
    this.#candles.applyOptions({
      upColor: up, borderUpColor: up, wickUpColor: up, downColor: down, borderDownColor: down, wickDownColor: down,
    });
    this.#volume.setData(this.#drawn.map((bar) => this.#column(bar)));
  }

  remove(): void {
    this.#chart.remove();
  }

  #showLatest(count: number): void {
    this.#chart.timeScale().setVisibleLogicalRange({ from: count - FIRST_BARS_SHOWN, to: count + RIGHT_OFFSET_BARS });
  }

  #column(bar: Bar): HistogramData<Time> {
    const color = bar.close >= bar.open ? this.#upSoft : this.#downSoft;
    return { time: timeOf(bar, this.#interval), value: bar.volume, color };
  }

  #barAt(event: MouseEventParams<Time>): Bar | null {
    if (event.time === undefined) return null;
    return this.#drawn.find((bar) => timeOf(bar, this.#interval) === event.time) ?? null;
  }
}

function timeOf(bar: Bar, interval: Interval): Time {
  return interval === '1d' ? bar.time : ((Date.parse(bar.time) / 1000 + IST_OFFSET_SECONDS) as UTCTimestamp);
}

function candle(bar: Bar, interval: Interval): CandlestickData<Time> {
  return { time: timeOf(bar, interval), open: bar.open, high: bar.high, low: bar.low, close: bar.close };
}

// Axis labels lie between prices: rounded to what the prices themselves show.
function priceFormat(bars: readonly Bar[]): PriceFormatCustom {
  const precision = bars.reduce((most, bar) => Math.max(most, decimalsOf(bar.close)), 2);
  return {
    type: 'custom',
    minMove: 10 ** -precision,
    formatter: (price: number) => formatPrice(Number(price.toFixed(precision))),
  };
}
