namespace FinVault.Platform;

// Problems of money: ledger, wallets, escrows, cards, merchants, redemptions.
public static partial class Problems
{
    public static readonly ProblemDefinition InvalidCurrency =
        new("invalid_currency", 400, "The currency is not known");

    public static readonly ProblemDefinition UnknownWithdrawal =
        new("unknown_withdrawal", 404, "There is no such withdrawal");

    public static readonly ProblemDefinition SecondPersonNeeded =
        new("second_person_needed", 403, "Somebody else must decide this");

    public static readonly ProblemDefinition MerchantNotPayable =
        new("merchant_not_payable", 409, "The merchant cannot be paid");

    public static readonly ProblemDefinition SpendLimitExceeded =
        new("spend_limit_exceeded", 422, "It is more than the limit allows");

    public static readonly ProblemDefinition InvalidWebhookUrl =
        new("invalid_webhook_url", 400, "The URL cannot be called");

    public static readonly ProblemDefinition TooManyWebhooks = new("too_many_webhooks", 409, "Too many webhooks");
    public static readonly ProblemDefinition UnknownWebhook = new("unknown_webhook", 404, "There is no such webhook");
    public static readonly ProblemDefinition UnknownAccount = new("unknown_account", 404, "There is no such account");
    public static readonly ProblemDefinition UnknownTransfer =
        new("unknown_transfer", 404, "There is no such transfer");

    public static readonly ProblemDefinition TransferNotReversible =
        new("transfer_not_reversible", 409, "The transfer cannot be reversed");

    public static readonly ProblemDefinition InsufficientFunds =
        new("insufficient_funds", 409, "Less is available than that takes");

    public static readonly ProblemDefinition InvalidStatement =
        new("invalid_statement", 400, "The statement cannot be read");

    public static readonly ProblemDefinition ReconciliationTooLarge =
        new("reconciliation_too_large", 422, "Too many entries in one reconciliation");

    public static readonly ProblemDefinition UnknownReconciliation =
        new("unknown_reconciliation", 404, "There is no such reconciliation");

    public static readonly ProblemDefinition UnknownUnmatchedItem =
        new("unknown_unmatched_item", 404, "There is no such unmatched item");

    public static readonly ProblemDefinition AlreadyResolved =
        new("already_resolved", 409, "The item was resolved before");

    public static readonly ProblemDefinition MerchantNotApproved =
        new("merchant_not_approved", 409, "The merchant is not approved");

    public static readonly ProblemDefinition KycNotOpen =
        new("kyc_not_open", 409, "The check of the merchant does not stand there");

    public static readonly ProblemDefinition StockTooLow = new("stock_too_low", 409, "Fewer are left than that");
    public static readonly ProblemDefinition UnknownGiftCard =
        new("unknown_gift_card", 404, "There is no such gift card here");

    public static readonly ProblemDefinition GiftCardNotGood =
        new("gift_card_not_good", 409, "The gift card is not good any more");

    public static readonly ProblemDefinition GiftCardInUse =
        new("gift_card_in_use", 409, "The gift card is being redeemed elsewhere");

    public static readonly ProblemDefinition TooManyAttempts = new("too_many_attempts", 429, "Too many wrong codes");
    public static readonly ProblemDefinition AlreadySubscribed =
        new("already_subscribed", 409, "There is a subscription already");

    public static readonly ProblemDefinition UnknownSubscription =
        new("unknown_subscription", 404, "There is no such subscription");

    public static readonly ProblemDefinition RedemptionOver = new("redemption_over", 409, "The redemption is over");
}
