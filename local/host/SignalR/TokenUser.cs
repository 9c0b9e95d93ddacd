using System.Security.Claims;
using Microsoft.AspNetCore.SignalR;

namespace FinVault.Local.SignalR;

/// <summary>Who a client is by its token: the user that Azure's SDK names, else the subject, in its various spellings.</summary>
internal sealed class TokenUser : IUserIdProvider
{
    // The first is the SDK's own claim, where the app said who negotiates.
    private static readonly string[] Types = ["asrs.s.uid", ClaimTypes.NameIdentifier, "nameid", "sub"];

    public string? GetUserId(HubConnectionContext connection) =>
        Types.Select(type => connection.User?.FindFirst(type)?.Value).FirstOrDefault(value => value is not null);
}
