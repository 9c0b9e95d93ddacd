using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using FinVault.Escrow;
using FinVault.Identity;
using FinVault.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace FinVault.Tests.Escrow;

/// <summary>The whole app with a provider, a host and a merchant, and an operator signed in.</summary>
public abstract class LedgerAppTest : IAsyncLifetime
{
    internal const string Operator = "USER_01ARZ3NDEKTSV4RRFFQ69G5FAV";

    internal ManualClock Clock { get; } = new(new DateTimeOffset(2026, 1, 5, 9, 15, 0, TimeSpan.Zero));

    internal AppHost App { get; private set; } = null!;

    internal FinVault.Escrow.Ledger Ledger { get; private set; } = null!;

    public virtual async Task InitializeAsync()
    {
        App = await AppHost.StartAsync(AppHost.Defaults with
        {
            Time = Clock,
        });
        Ledger = App.Host.Services.GetRequiredService<FinVault.Escrow.Ledger>();
        await Ledger.OpenAccountAsync("BANK", AccountKind.Provider, "INR", default);
        await Ledger.OpenAccountAsync("HOST_1", AccountKind.Host, "INR", default);
        await Ledger.OpenAccountAsync("SHOP_1", AccountKind.Merchant, "INR", default);
        SignIn(Roles.Admin);
    }

    public virtual Task DisposeAsync() => App.DisposeAsync().AsTask();

    internal void SignIn(params string[] roles)
    {
        CurrentUser user = new(Operator, "TENANT_01ARZ3NDEKTSV4RRFFQ69G5FAV", roles.ToHashSet());
        App.SignIn(user);
    }

    internal async Task PayAsync(string id, string from, string to, long amount, string reference = "") => Assert.Equal(
        TransferCode.Posted, (await Ledger.TransferAsync(new(id, from, to, amount, "INR", reference), default)).Code);

    internal Task<(HttpStatusCode Status, JsonElement Body)> GetAsync(string route) =>
        ReadAsync(App.Client.GetAsync($"api/v1/ledger/{route}"));

    internal Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(string route, object body) =>
        ReadAsync(App.Client.PostAsJsonAsync($"api/v1/ledger/{route}", body));

    internal static async Task<(HttpStatusCode Status, JsonElement Body)> ReadAsync(Task<HttpResponseMessage> sent)
    {
        using HttpResponseMessage answer = await sent;
        string text = await answer.Content.ReadAsStringAsync();
        return (answer.StatusCode, text.Length == 0 ? default : JsonElement.Parse(text));
    }

    internal static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
