using System.Globalization;
using System.Net;
using System.Text.Json;
using FinVault.Tests.Support;

namespace FinVault.Tests.Operations;

/// <summary>Finding orchestrations: by each filter, page by page, none twice and none left out.</summary>
public sealed class OrchestrationListTests : OperationsTest
{
    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await RunAsync(nameof(Orchestrations.SayHello), "order-1", "a");
        await RunAsync(nameof(Orchestrations.SayHello), "order-2", "b");
        await StartAsync(nameof(Orchestrations.WaitForGo), "order-3");
        await StartAsync(nameof(Orchestrations.WaitForGo), "wait-1");
        await UntilAsync("order-3", "running");
        await UntilAsync("wait-1", "running");
    }

    [Theory]
    [InlineData("", "order-1 order-2 order-3 wait-1")]
    [InlineData("status=completed", "order-1 order-2")]
    [InlineData("status=running", "order-3 wait-1")]
    [InlineData("status=failed,terminated", "")]
    [InlineData("status=running,completed&prefix=order", "order-1 order-2 order-3")]
    [InlineData("prefix=order-", "order-1 order-2 order-3")]
    [InlineData("name=WaitForGo", "order-3 wait-1")]
    [InlineData("name=SayHello&status=running", "")]
    [InlineData("createdTo=2000-01-01T00:00:00Z", "")]
    [InlineData("createdFrom=2000-01-01T00:00:00Z&createdTo=2999-01-01T00:00:00Z", "order-1 order-2 order-3 wait-1")]
    public async Task Filters_LeaveOutTheOthers_WhateverThePage(string query, string expected)
    {
        foreach (int limit in (int[])[1, 2, 3, 50])
        {
            Assert.Equal(expected, string.Join(' ', (await AllAsync(query, limit)).Order()));
        }
    }

    [Theory]
    [InlineData("status=odd", "invalid_request")]
    [InlineData("status=1", "invalid_request")]
    [InlineData("createdFrom=yesterday", "invalid_date")]
    [InlineData("limit=0", "invalid_limit")]
    [InlineData("cursor=AAAA", "invalid_cursor")]
    public async Task WrongFilters_AreRefused(string query, string code)
    {
        using HttpResponseMessage answer = await App.Client.GetAsync($"{Route}?{query}");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        using JsonDocument problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal(code, problem.RootElement.GetProperty("code").GetString());
    }

    [Fact]
    public async Task Cursor_OfOtherFilters_IsRefused()
    {
        JsonElement page = await App.GetJsonAsync($"{Route}?limit=1&status=running");
        string cursor = page.GetProperty("nextCursor").GetString()!;
        using HttpResponseMessage answer = await App.Client.GetAsync($"{Route}?limit=1&cursor={cursor}");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    private async Task<List<string>> AllAsync(string query, int limit)
    {
        List<string> ids = [];
        for (string? cursor = ""; cursor is not null;)
        {
            JsonElement page = await App.GetJsonAsync(string.Create(
                CultureInfo.InvariantCulture, $"{Route}?{query}&limit={limit}&cursor={cursor}"));
            JsonElement[] rows = [.. page.GetProperty("data").EnumerateArray()];
            Assert.True(rows.Length <= limit);
            ids.AddRange(rows.Select(row => row.GetProperty("instanceId").GetString()!));
            cursor = page.TryGetProperty("nextCursor", out JsonElement next) ? next.GetString() : null;
        }

        return ids;
    }
}
