import { AreaSeries, createChart, LineSeries, type IChartApi, type ISeriesApi, type MouseEventParams, type Time } from 'lightweight-charts';
import { sayShare } from './performance';
import type { PerformancePoint } from './types';

/** What one unit of money became, as a share gained, against a benchmark; drawn in the page's own colours. */
export class GrowthChart {
  readonly #chart: IChartApi;
  readonly #own: ISeriesApi<'Area'>;
  readonly #benchmark: ISeriesApi<'Line'>;
  #points: readonly PerformancePoint[] = [];

  constructor(private readonly host: HTMLElement, onHover: (point: PerformancePoint | null) => void) {
    const formatter = (share: number): string => sayShare(share);
    this.#chart = createChart(host, {
      autoSize: true,
      layout: { attributionLogo: true, fontFamily: getComputedStyle(host).fontFamily, fontSize: 11 },
      timeScale: { rightOffset: 1, fixLeftEdge: true, fixRightEdge: true },
      localization: { locale: 'en-IN', priceFormatter: formatter },
      rightPriceScale: { borderVisible: false },
      // A page scrolls over it.
      handleScroll: { mouseWheel: false, vertTouchDrag: false },
      handleScale: { mouseWheel: false },
    });
    const priceFormat = { type: 'custom', minMove: 0.0001, formatter } as const;
    this.#own = this.#chart.addSeries(AreaSeries, { lineWidth: 2, priceLineVisible: false, priceFormat });
    this.#benchmark = this.#chart.addSeries(LineSeries, { lineWidth: 1, priceLineVisible: false, priceFormat });
    this.#chart.subscribeCrosshairMove((event: MouseEventParams<Time>) =>
      onHover(event.time === undefined ? null : (this.#points.find((point) => point.date === event.time) ?? null)));
    this.paint();
  }

  draw(points: readonly PerformancePoint[]): void {
    this.#points = points;
    // A day whose value is not known has none here either: growth only goes on from it.
    this.#own.setData(points.map(({ date, growth, value }) => (value === null ? { time: date } : { time: date, value: growth - 1 })));
    this.#benchmark.setData(points.map(({ date, benchmark }) => (benchmark === null ? { time: date } : { time: date, value: benchmark - 1 })));
    this.#chart.timeScale().fitContent();
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
    const soft = colour('--accent-soft');
    this.#own.applyOptions({ lineColor: colour('--accent'), topColor: soft, bottomColor: `${soft}00` });
    this.#benchmark.applyOptions({ color: colour('--warn') });
  }

  remove(): void {
    this.#chart.remove();
  }
}
