namespace FinVault.Platform;

// Problems of portfolios: accounts, transactions, imports, rates.
public static partial class Problems
{
    public static readonly ProblemDefinition UnknownPortfolio =
        new("unknown_portfolio", 404, "There is no such account");

    public static readonly ProblemDefinition TooManyPortfolios =
        new("too_many_portfolios", 409, "Too many accounts");

    public static readonly ProblemDefinition UnknownTransaction =
        new("unknown_transaction", 404, "There is no such transaction");

    public static readonly ProblemDefinition InvalidTransaction =
        new("invalid_transaction", 400, "The transaction is not valid");

    public static readonly ProblemDefinition TransactionRefused =
        new("transaction_refused", 422, "The transaction does not fit what is held");

    public static readonly ProblemDefinition ClientIdReused =
        new("client_id_reused", 422, "The client id stands for something else");

    public static readonly ProblemDefinition NotReversible =
        new("not_reversible", 409, "It cannot be taken back like this");

    public static readonly ProblemDefinition UnknownImport = new("unknown_import", 404, "There is no such import");
    public static readonly ProblemDefinition InvalidImport = new("invalid_import", 400, "The file cannot be read");
    public static readonly ProblemDefinition ImportRefused =
        new("import_refused", 422, "Rows of the file are not valid");

    public static readonly ProblemDefinition UnknownHolding =
        new("unknown_holding", 404, "The account never held it");

    public static readonly ProblemDefinition FxUnavailable =
        new("fx_unavailable", 422, "There is no exchange rate");

    public static readonly ProblemDefinition InvalidRates = new("invalid_rates", 400, "The rates cannot be read");

    public static readonly ProblemDefinition NoTargets = new("no_targets", 422, "The account has no targets yet");

    public static readonly ProblemDefinition InvalidTargets = new("invalid_targets", 400, "The targets are not valid");

    public static readonly ProblemDefinition UnknownPlan = new("unknown_plan", 404, "There is no such plan");

    public static readonly ProblemDefinition PlanOpen = new("plan_open", 409, "Another plan is being reviewed");

    public static readonly ProblemDefinition PlanOutdated = new("plan_outdated", 409, "The plan is out of date");

    public static readonly ProblemDefinition PlanUnavailable =
        new("plan_unavailable", 422, "There is not enough to plan with");

    public static readonly ProblemDefinition InvalidAnswers = new("invalid_answers", 400, "The answers are not valid");
    public static readonly ProblemDefinition InvalidLimits = new("invalid_limits", 400, "The limits are not valid");
    public static readonly ProblemDefinition SectorUnknown = new("sector_unknown", 422, "A symbol has no known sector");
    public static readonly ProblemDefinition UnknownRecommendation =
        new("unknown_recommendation", 404, "There is no such recommendation");

    public static readonly ProblemDefinition LotNotOpen = new("lot_not_open", 422, "There is not so much of that lot");

    public static readonly ProblemDefinition UnknownAlert = new("unknown_alert", 404, "There is no such alert");
    public static readonly ProblemDefinition InvalidAlert = new("invalid_alert", 400, "The alert is not valid");
    public static readonly ProblemDefinition TooManyAlerts = new("too_many_alerts", 409, "Too many alerts");
    public static readonly ProblemDefinition UnknownWatchlist = new("unknown_watchlist", 404, "There is no such list");
    public static readonly ProblemDefinition InvalidWatchlist = new("invalid_watchlist", 400, "The list is not valid");
    public static readonly ProblemDefinition ExportNotReady = new("export_not_ready", 409, "The export is not ready");
    public static readonly ProblemDefinition UnknownLink = new("unknown_link", 404, "There is no such link");
    public static readonly ProblemDefinition InvalidLink = new("invalid_link", 400, "The link is not valid");
    public static readonly ProblemDefinition TooManyLinks = new("too_many_links", 409, "Too many links");
    public static readonly ProblemDefinition TooManyWatchlists = new("too_many_watchlists", 409, "Too many lists");
}
