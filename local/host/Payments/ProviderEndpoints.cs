using System.Text.Json;
using FinVault.Escrow;
using FinVault.Local.Identity;
using FinVault.Platform;

namespace FinVault.Local.Payments;

/// <summary>
/// The simulated provider over HTTP: its API as the app's adapter calls it, and beside it what stands for the world: a
/// bank transfer to a virtual account, the end of a payout, the switches. Answers this machine alone.
/// </summary>
internal static class ProviderEndpoints
{
    public const string Prefix = "/dev/provider";

    private static readonly Dictionary<string, ProviderState> FirstStates = new()
    {
        ["transfers"] = ProviderState.Succeeded,
        ["payouts"] = ProviderState.Accepted,
        ["vends"] = ProviderState.Accepted,
        ["charges"] = ProviderState.Accepted,
    };

    public static void Map(IEndpointRouteBuilder endpoints, ProviderSimulator provider, PaymentOptions options)
    {
        RouteGroupBuilder api = endpoints.MapGroup(Prefix);
        api.AddEndpointFilter(async (context, next) =>
            DemoUsers.IsHere(context.HttpContext) ? await next(context) : Results.NotFound());
        foreach ((string kind, ProviderState state) in FirstStates)
        {
            api.MapPost($"/{kind}", (HttpContext http, JsonElement body) => Keyed(
                http, options, () => OperateAsync(http, provider, kind, state, body)));
        }

        api.MapPost("/virtual-accounts", (HttpContext http, AccountRequest body) => Keyed(http, options, async () =>
        {
            SimulatedAccount? opened = null;
            return await MeetAsync(
                provider, "virtual-accounts", body.Account, http,
                () =>
                {
                    opened = provider.Open(body.Account, body.Currency);
                    return Task.CompletedTask;
                },
                () => Json(new VirtualAccount(opened!.Number, "Simulated Bank")));
        }));
        api.MapGet("/operations/{reference}", (HttpContext http, string reference) => Keyed(http, options, () => MeetAsync(
            provider, "operations", reference, http, () => Task.CompletedTask,
            () => provider.Find(reference) is { } found ? Json(Result(found)) : Results.NotFound())));
        MapWorld(api, provider);
    }

    private static void MapWorld(RouteGroupBuilder api, ProviderSimulator provider)
    {
        api.MapGet("/operations", () => Json(provider.Operations));
        api.MapPost("/operations/{reference}/settle", async (string reference, string? outcome) =>
            await provider.SettleAsync(reference, outcome == "failed" ? ProviderState.Failed : ProviderState.Succeeded)
                is { } ended ? Json(Result(ended)) : Results.NotFound());
        api.MapPost("/topups", async (Deposit deposit) => Json(new
        {
            EventId = await provider.RaiseAsync("topup", new TopUpNotice(
                deposit.VirtualAccount, deposit.Gross, deposit.Fee ?? FeeOf(deposit.Gross), deposit.Currency,
                deposit.Reference ?? Ids.New("BANK", TimeProvider.System))),
        }));
        api.MapPost("/events", async (RaisedEvent raised) =>
            Json(new { EventId = await provider.RaiseAsync(raised.Type, raised.Data, raised.Id) }));
        api.MapPost("/webhooks/release", async (string? order) =>
        {
            await provider.ReleaseAsync(order == "reverse");
            return Results.NoContent();
        });
        api.MapGet("/faults", () => Json(provider.Faults));
        api.MapPut("/faults", (JsonElement body) =>
        {
            provider.Faults = body.Deserialize<ProviderFaults>(Platform.Json.Options)!;
            return Json(provider.Faults);
        });
    }

    private static Task<IResult> OperateAsync(
        HttpContext http, ProviderSimulator provider, string kind, ProviderState first, JsonElement body)
    {
        string reference = body.GetProperty("reference").GetString()!;
        SimulatedOperation asked = new(
            reference, kind, body.GetRawText(), body.GetProperty("amount").GetInt64(),
            body.GetProperty("currency").GetString()!, first)
        {
            // As providers' test tokens do.
            IsDeclined = body.TryGetProperty("paymentMethod", out JsonElement method)
                && method.GetString()!.StartsWith("declined", StringComparison.Ordinal),
            Fee = kind == "charges" ? FeeOf(body.GetProperty("amount").GetInt64()) : 0,
        };
        SimulatedOperation? done = null;
        return MeetAsync(
            provider, kind, reference, http, async () => done = await provider.DoAsync(asked),
            () => done is null ? Results.Conflict() : Json(Result(done)));
    }

    // Does what is asked, unless a fault is in its way.
    private static async Task<IResult> MeetAsync(
        ProviderSimulator provider, string on, string reference, HttpContext http, Func<Task> act, Func<IResult> answer)
    {
        ProviderFault? fault = provider.Draw(on, reference);
        switch (fault?.Mode)
        {
            case ProviderFaultMode.Before:
                return Results.StatusCode(StatusCodes.Status500InternalServerError);
            case ProviderFaultMode.Refuse:
                return Results.Text("refused", statusCode: StatusCodes.Status422UnprocessableEntity);
            default:
                await act();
                break;
        }

        if (fault?.Mode == ProviderFaultMode.Slow)
        {
            TimeProvider time = http.RequestServices.GetRequiredService<TimeProvider>();
            await Task.Delay(TimeSpan.FromMilliseconds(fault.DelayMilliseconds), time, http.RequestAborted);
        }

        return fault?.Mode == ProviderFaultMode.After
            ? Results.StatusCode(StatusCodes.Status500InternalServerError)
            : answer();
    }

    private static Task<IResult> Keyed(HttpContext http, PaymentOptions options, Func<Task<IResult>> call) =>
        http.Request.Headers.Authorization == $"Bearer {options.Key}"
            ? call()
            : Task.FromResult(Results.Unauthorized());

    // Not one rate for all, as no real provider has it.
    private static long FeeOf(long gross) => Math.Min(gross, (gross * 175 / 10_000) + (gross % 7));

    private static ProviderResult Result(SimulatedOperation operation) =>
        new(operation.State, operation.Reference, operation.Failure, operation.Fee);

    private static IResult Json<T>(T value) => Results.Json(value, Platform.Json.Options);

    internal sealed record AccountRequest(string Account, string Currency);

    internal sealed record Deposit(string VirtualAccount, long Gross, string Currency, long? Fee, string? Reference);

    internal sealed record RaisedEvent(string Type, JsonElement Data, string? Id);
}
