namespace FinVault.Market.Store;

/// <summary>The <c>kind</c> of a document in the containers of the market.</summary>
internal static class DocumentKinds
{
    public const string Board = "board";
    public const string Segment = "segment";
    public const string DeadLetter = "deadLetter";
    public const string Ring = "ring";
    public const string Minutes = "1m";
    public const string Days = "1d";
    public const string Watch = "watch";
    public const string Packed = "packed";
}
