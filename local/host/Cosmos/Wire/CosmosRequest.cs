namespace FinVault.Local.Cosmos;

/// <summary>One request, however it came: method, decoded path segments, headers and the whole body.</summary>
/// <param name="Method">GET, POST, PUT, PATCH or DELETE.</param>
/// <param name="Path">Decoded segments, e.g. <c>dbs, finvault, colls, market, docs, BOARD_1</c>.</param>
/// <param name="Headers">What the endpoint understands of the headers.</param>
/// <param name="Body">The body; empty when there is none.</param>
/// <param name="Origin">Scheme and authority the client used, which the account document must repeat.</param>
internal sealed record CosmosRequest(
    string Method, string[] Path, RequestHeaders Headers, ReadOnlyMemory<byte> Body, string Origin)
{
    /// <summary>Splits and decodes an escaped path.</summary>
    public static string[] Split(string escapedPath)
    {
        string[] segments = escapedPath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (int i = 0; i < segments.Length; i++)
        {
            segments[i] = Uri.UnescapeDataString(segments[i]);
        }
        return segments;
    }
}
