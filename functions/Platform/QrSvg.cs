using System.Globalization;
using System.Text;
using QRCoder;

namespace FinVault.Platform;

/// <summary>A text as a QR code in SVG: one path over a white square, four modules of quiet zone around it.</summary>
public static class QrSvg
{
    public const string ContentType = "image/svg+xml";

    public static string Of(string text)
    {
        using QRCodeData code = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M);
        int size = code.ModuleMatrix.Count;
        StringBuilder svg = new();
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {size} {size}\" shape-rendering=\"crispEdges\">");
        svg.Append("<path fill=\"#fff\" d=\"M0 0h").Append(size).Append('v').Append(size).Append('H').Append("0z\"/>");
        svg.Append("<path d=\"");
        for (int y = 0; y < size; y++)
        {
            for (int x = 0; x < size; x++)
            {
                int run = x;
                while (run < size && code.ModuleMatrix[y][run])
                {
                    run++;
                }

                if (run > x)
                {
                    svg.Append(CultureInfo.InvariantCulture, $"M{x} {y}h{run - x}v1H{x}z");
                    x = run;
                }
            }
        }

        return svg.Append("\"/></svg>").ToString();
    }
}
