using System.Text.Json;
using FinVault.Audit;
using FinVault.Platform;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace FinVault.Identity;

/// <summary>What an export has.</summary>
/// <param name="ExportedAt">When it was begun.</param>
/// <param name="User">Whose it is.</param>
/// <param name="Items">Everything, slice by slice.</param>
public sealed record PersonalExportView(DateTimeOffset ExportedAt, string User, IReadOnlyList<ExportedItem> Items);

/// <summary>Something that is known.</summary>
public sealed record ExportedItem(string Slice, string Kind, object Data);

/// <summary>Writes everything that is known about a person, item by item as it is read, so that none of it piles up.</summary>
public sealed class PersonalExport(
    Persons persons, IEnumerable<IPersonalData> slices, AuditTrail trail, TimeProvider time)
{
    private readonly IPersonalData[] _slices = [.. slices.OrderBy(one => one.Slice, StringComparer.Ordinal)];

    public async Task<IActionResult> BeginAsync(string user, CancellationToken cancellationToken)
    {
        Person person = await persons.ReadAsync(user, cancellationToken);
        await trail.RecordAsync(
            new("user", user, "identity.exported", Membership.OwnTenantOf(user)), cancellationToken);
        return new Answer(this, person);
    }

    private async Task WriteAsync(Person person, HttpResponse response, CancellationToken cancellationToken)
    {
        await using Utf8JsonWriter json = new(response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("exportedAt", time.GetUtcNow());
        json.WriteString("user", person.User);
        json.WriteStartArray("items");
        foreach (IPersonalData slice in _slices)
        {
            await foreach (PersonalItem item in slice.ExportAsync(person, cancellationToken))
            {
                JsonSerializer.Serialize(json, new ExportedItem(slice.Slice, item.Kind, item.Data), Json.Options);
                await json.FlushAsync(cancellationToken);
                await response.BodyWriter.FlushAsync(cancellationToken);
            }
        }

        json.WriteEndArray();
        json.WriteEndObject();
        await json.FlushAsync(cancellationToken);
        await response.BodyWriter.FlushAsync(cancellationToken);
    }

    private sealed class Answer(PersonalExport export, Person person) : IActionResult
    {
        public Task ExecuteResultAsync(ActionContext context)
        {
            ArgumentNullException.ThrowIfNull(context);
            HttpContext http = context.HttpContext;
            http.Response.ContentType = "application/json";
            http.Response.Headers.CacheControl = "no-store";
            http.Response.Headers.ContentDisposition = "attachment; filename=\"finvault-export.json\"";
            return export.WriteAsync(person, http.Response, http.RequestAborted);
        }
    }
}
