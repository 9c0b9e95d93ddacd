namespace FinVault.Platform;

// Problems of market data.
public static partial class Problems
{
    public static readonly ProblemDefinition InvalidTicks = new("invalid_ticks", 400, "The ticks cannot be read");
    public static readonly ProblemDefinition TooManyTicks = new("too_many_ticks", 413, "Too many ticks in one call");
    public static readonly ProblemDefinition UnknownSymbol = new("unknown_symbol", 404, "The symbol is not known");
    public static readonly ProblemDefinition UnknownBoard = new("unknown_board", 404, "The board is not known");
    public static readonly ProblemDefinition InvalidSymbol = new("invalid_symbol", 400, "The symbol is not valid");
    public static readonly ProblemDefinition TooManySymbols = new("too_many_symbols", 400, "Too many symbols");
    public static readonly ProblemDefinition RangeTooLong = new("range_too_long", 400, "The range is too long");
    public static readonly ProblemDefinition InvalidDate = new("invalid_date", 400, "The date is not valid");
    public static readonly ProblemDefinition InvalidInterval =
        new("invalid_interval", 400, "The interval is not valid");
}
