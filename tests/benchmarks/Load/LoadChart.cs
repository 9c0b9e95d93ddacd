using System.Globalization;
using System.Net;
using System.Text;

namespace FinVault.Benchmarks.Load;

/// <summary>A line of a chart: a value a second.</summary>
internal sealed record ChartLine(string Name, string Color, IReadOnlyList<double> Values);

/// <summary>Line charts as SVG, for a page that fetches nothing.</summary>
internal static class LoadChart
{
    private const int Width = 900;
    private const int Height = 240;
    private const int Left = 60;
    private const int Bottom = 28;
    private const int Top = 10;
    private const int Steps = 4;

    public static string Svg(string title, params ChartLine[] lines)
    {
        int seconds = Math.Max(2, lines.Max(line => line.Values.Count));
        double top = Nice(lines.SelectMany(line => line.Values).DefaultIfEmpty(0).Max());
        StringBuilder svg = new();
        svg.Append(CultureInfo.InvariantCulture, $"<svg viewBox='0 0 {Width} {Height}' role='img'><title>{Text(title)}</title>");
        for (int step = 0; step <= Steps; step++)
        {
            double value = top * step / Steps;
            double y = Y(value, top);
            svg.Append(CultureInfo.InvariantCulture, $"<line class='grid' x1='{Left}' x2='{Width}' y1='{y:0.#}' y2='{y:0.#}'/>");
            svg.Append(CultureInfo.InvariantCulture, $"<text x='{Left - 6}' y='{y + 4:0.#}' text-anchor='end'>{value:0.###}</text>");
            double second = (seconds - 1.0) * step / Steps;
            string anchor = step == Steps ? "end" : "middle";
            svg.Append(CultureInfo.InvariantCulture, $"<text x='{X(second, seconds):0.#}' y='{Height - 8}' text-anchor='{anchor}'>");
            svg.Append(CultureInfo.InvariantCulture, $"{second:0.#} s</text>");
        }

        foreach (ChartLine line in lines)
        {
            string points = string.Join(' ', line.Values.Select((value, second) =>
                string.Create(CultureInfo.InvariantCulture, $"{X(second, seconds):0.#},{Y(value, top):0.#}")));
            svg.Append(CultureInfo.InvariantCulture, $"<polyline fill='none' stroke='{line.Color}' stroke-width='2' points='{points}'/>");
        }

        svg.Append("</svg><p class='legend'>");
        foreach (ChartLine line in lines)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<span style='color:{line.Color}'>■</span> {Text(line.Name)} ");
        }

        return svg.Append("</p>").ToString();
    }

    private static double X(double second, int seconds) => Left + ((Width - Left) * second / (seconds - 1));

    private static double Y(double value, double top) => Height - Bottom - ((Height - Bottom - Top) * value / top);

    /// <summary>1, 2 or 5 by a power of ten, at least the value.</summary>
    private static double Nice(double value)
    {
        if (!(value > 0))
        {
            return 1;
        }

        double power = Math.Pow(10, Math.Floor(Math.Log10(value)));
        return power * (value / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 };
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
