using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using FinVault.Platform;
using FinVault.Platform.Resilience;
using Polly.Timeout;

namespace FinVault.Escrow;

/// <summary>
/// The provider over HTTP and JSON: <c>POST transfers | payouts | vends | charges | virtual-accounts</c> with the reference also
/// as <c>Idempotency-Key</c>, <c>GET operations/{reference}</c>. 400 and 422 mean that it will not be done; whatever is
/// no answer (timeouts, broken connections, 5xx, throttling, a refused key) leaves the outcome unknown.
/// </summary>
public sealed class HttpPaymentProvider : IPaymentProvider, IDisposable
{
    private const int MaxAnswerBytes = 64 * 1024;

    private readonly PaymentOptions _options;
    private readonly Dependency _guard;
    private readonly HttpClient _client;

    public HttpPaymentProvider(PaymentOptions options, Dependencies dependencies)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(dependencies);
        _options = options;
        // No retries: what became of a call is looked up before it is made again.
        _guard = dependencies.Of("payments", options.Limits, FailureRule.Only<ProviderUnknownException>());
        _client = _guard.CreateClient(MaxAnswerBytes);
    }

    public bool IsAvailable => !_guard.IsOpen;

    public Task<ProviderResult> TransferAsync(InternalTransfer transfer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transfer);
        return OperateAsync("transfers", transfer, transfer.Reference, cancellationToken);
    }

    public Task<ProviderResult> PayOutAsync(Payout payout, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(payout);
        return OperateAsync("payouts", payout, payout.Reference, cancellationToken);
    }

    public Task<ProviderResult> VendAsync(AirtimeVend vend, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(vend);
        return OperateAsync("vends", vend, vend.Reference, cancellationToken);
    }

    public Task<ProviderResult> ChargeAsync(Charge charge, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(charge);
        return OperateAsync("charges", charge, charge.Reference, cancellationToken);
    }

    public async Task<VirtualAccount> OpenVirtualAccountAsync(
        string walletAccount, string currency, CancellationToken cancellationToken)
    {
        Answer answer = await CallAsync(
            HttpMethod.Post, "virtual-accounts", new { account = walletAccount, currency }, walletAccount,
            cancellationToken);
        return answer.Status is HttpStatusCode.OK or HttpStatusCode.Created
            ? Parse<VirtualAccount>(answer)
            : throw new InvalidOperationException($"The provider opens no account for {walletAccount}: {answer.Text}");
    }

    public async Task<ProviderResult?> FindAsync(string reference, CancellationToken cancellationToken)
    {
        Answer answer = await CallAsync(
            HttpMethod.Get, $"operations/{Uri.EscapeDataString(reference)}", null, null, cancellationToken);
        return answer.Status == HttpStatusCode.NotFound ? null : Parse<ProviderResult>(answer);
    }

    public void Dispose() => _client.Dispose();

    private async Task<ProviderResult> OperateAsync(
        string path, object body, string reference, CancellationToken cancellationToken)
    {
        Answer answer = await CallAsync(HttpMethod.Post, path, body, reference, cancellationToken);
        return answer.Status switch
        {
            HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity =>
                new(ProviderState.Failed, reference, answer.Text),
            // To call this a failure would give money back that an earlier call may have paid.
            HttpStatusCode.Conflict => throw new InvalidOperationException(
                $"The provider knows {reference} with another content."),
            _ => Parse<ProviderResult>(answer),
        };
    }

    private async Task<Answer> CallAsync(
        HttpMethod method, string path, object? body, string? reference, CancellationToken cancellationToken)
    {
        string operation = path.Split('/')[0];
        try
        {
            Answer answer = await _guard.RunAsync(
                token => TryAsync(method, path, body, reference, token), cancellationToken);
            PaymentTelemetry.Called(operation, "answered");
            return answer;
        }
        catch (TimeoutRejectedException late)
        {
            PaymentTelemetry.Called(operation, "unknown");
            throw new ProviderUnknownException($"The provider did not answer {path} in time.", late);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            PaymentTelemetry.Called(operation, failure is ProviderUnknownException ? "unknown" : "rejected");
            throw;
        }
    }

    private async Task<Answer> TryAsync(
        HttpMethod method, string path, object? body, string? reference, CancellationToken cancellationToken)
    {
        try
        {
            using HttpRequestMessage request = Request(method, path, body, reference);
            using HttpResponseMessage response = await _client.SendAsync(request, cancellationToken);
            string text = await response.Content.ReadAsStringAsync(cancellationToken);
            return IsAnswer(response.StatusCode)
                ? new(response.StatusCode, text)
                : throw new ProviderUnknownException($"The provider answered {path} with {(int)response.StatusCode}.");
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            throw new ProviderUnknownException($"The provider cannot be reached: {broken.Message}", broken);
        }
    }

    private HttpRequestMessage Request(HttpMethod method, string path, object? body, string? reference)
    {
        HttpRequestMessage request = new(method, new Uri(_options.BaseUrl, path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _options.Key);
        request.Headers.TryAddWithoutValidation(Correlation.Header, Correlation.Current);
        if (body is not null)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", reference);
            request.Content = JsonContent.Create(body, body.GetType(), options: Json.Options);
        }

        return request;
    }

    private static bool IsAnswer(HttpStatusCode status) => status
        is HttpStatusCode.OK or HttpStatusCode.Created or HttpStatusCode.Accepted or HttpStatusCode.NotFound
        or HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity or HttpStatusCode.Conflict;

    private static T Parse<T>(Answer answer)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(answer.Text, Json.Options)
                ?? throw new ProviderUnknownException("The provider answered with null.");
        }
        catch (JsonException broken)
        {
            throw new ProviderUnknownException("The provider's answer cannot be read.", broken);
        }
    }

    private sealed record Answer(HttpStatusCode Status, string Text);
}
