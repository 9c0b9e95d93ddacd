using System.Globalization;
using FinVault.Identity;
using FinVault.Platform;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Cosmos;

namespace FinVault.Audit;

/// <summary>Which lines are asked for. All of it stands in the index.</summary>
public sealed record AuditFilter(
    string? Tenant, string? Entity, string? Actor, string? Kind, string? Name, string? CorrelationId, DateTimeOffset? From,
    DateTimeOffset? To)
{
    /// <summary>What a search shows at most, over all its pages (AUD-05, PAG-05); narrow it for more.</summary>
    public const int MaxResults = 1_000;

    internal const int MaxText = 200;

    /// <summary>Reads a query. Who is no auditor sees what is their tenant's.</summary>
    /// <exception cref="ProblemException">invalid_request, invalid_date.</exception>
    public static AuditFilter Read(HttpRequest request, CurrentUser user)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(user);
        return new(
            SeesAll(user) ? Text("tenant") : user.TenantId, Text("entity"), Text("actor"), Text("kind"), Text("name"),
            Text("correlationId"), Instant("from"), Instant("to"));

        string? Text(string name) => request.Query[name].ToString() switch
        {
            "" => null,
            { Length: <= MaxText } text => text,
            _ => throw Problems.InvalidRequest.With($"{name} has at most {MaxText} characters."),
        };

        DateTimeOffset? Instant(string name) => Text(name) is not { } text ? null
            : DateTimeOffset.TryParse(
                text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out DateTimeOffset at)
                ? at
                : throw Problems.InvalidDate.With($"{name} is an instant such as 2026-01-31T12:00:00Z.");
    }

    /// <summary>Administrators and auditors see every tenant's.</summary>
    internal static bool SeesAll(CurrentUser user) => user.Has(Roles.Admin) || user.Has(Roles.Auditor);

    internal QueryDefinition Query(string? before, int limit)
    {
        List<string> only = ["c.type = 'record'"];
        List<(string, object)> values = [("@limit", limit)];
        Add("c.tenant = @tenant", "@tenant", Tenant);
        Add("c.entity = @entity", "@entity", Entity);
        Add("c.actor = @actor", "@actor", Actor);
        Add("c.kind = @kind", "@kind", Kind);
        Add("c.name = @name", "@name", Name);
        Add("c.correlationId = @correlation", "@correlation", CorrelationId);
        Add("c.place >= @from", "@from", From is { } from ? Ticks(from) : null);
        Add("c.place < @to", "@to", To is { } to ? Ticks(to) : null);
        Add("c.place < @before", "@before", before);
        QueryDefinition query = new($"SELECT TOP @limit * FROM c WHERE {string.Join(" AND ", only)} ORDER BY c.place DESC");
        return values.Aggregate(query, (all, value) => all.WithParameter(value.Item1, value.Item2));

        void Add(string condition, string parameter, object? value)
        {
            if (value is not null)
            {
                only.Add(condition);
                values.Add((parameter, value));
            }
        }
    }

    private static string Ticks(DateTimeOffset at) => at.UtcTicks.ToString("D19", CultureInfo.InvariantCulture);
}
