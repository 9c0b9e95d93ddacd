using System.Net;
using System.Text.Json;
using Microsoft.Azure.Cosmos;
using Microsoft.Azure.Cosmos.Linq;

namespace FinVault.Tests.Local.Cosmos;

public sealed class QueryTests : CosmosTest
{
    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await Items.CreateItemAsync(new { id = "1", pk = "p", name = "Anna", n = 3, tags = new[] { "x", "y" }, a = new { b = new { c = 1 } } });
        await Items.CreateItemAsync(new { id = "2", pk = "p", name = "bert", n = 1, tags = new[] { "y" }, none = (string?)null });
        await Items.CreateItemAsync(new { id = "3", pk = "q", name = "Cora", n = 2.5, flag = true });
        await Items.CreateItemAsync(new { id = "4", pk = "q", name = "100% sure", n = "text", a = new { b = new { c = 2 } } });
        await Items.CreateItemAsync(new { id = "5", pk = "r", n = -1, lines = new[] { new { sku = "s1", qty = 2 }, new { sku = "s2", qty = 1 } } });
    }

    [Theory]
    [InlineData("c.n = 3", "1")]
    [InlineData("c.n != 3", "2 3 4 5")]
    [InlineData("c.n > 1", "1 3")]
    [InlineData("c.n >= 1 AND c.n <= 2.5", "2 3")]
    [InlineData("c.n BETWEEN 1 AND 2.5", "2 3")]
    [InlineData("c.n NOT IN (1, 3)", "3 4 5")]
    [InlineData("c.n IN (1, 3, 'text')", "1 2 4")]
    [InlineData("c.missing = 1 OR c.n = 1", "2")]
    [InlineData("NOT (c.missing = 1)", "")]
    [InlineData("NOT c.flag", "")]
    [InlineData("c.flag", "3")]
    [InlineData("IS_DEFINED(c.flag)", "3")]
    [InlineData("IS_NULL(c.none)", "2")]
    [InlineData("c.none = null", "2")]
    [InlineData("c.name LIKE '%er%'", "2")]
    [InlineData("c.name LIKE '_ora'", "3")]
    [InlineData("c.name LIKE '%!%%' ESCAPE '!'", "4")]
    [InlineData("c.name NOT LIKE '[A-C]%'", "2 4")]
    [InlineData("CONTAINS(c.name, 'an', true)", "1")]
    [InlineData("STARTSWITH(c.name, 'b')", "2")]
    [InlineData("ENDSWITH(c.name, 'a')", "1 3")]
    [InlineData("ARRAY_CONTAINS(c.tags, 'y')", "1 2")]
    [InlineData("ARRAY_LENGTH(c.tags) = 2", "1")]
    [InlineData("LOWER(c.name) = 'anna' OR UPPER(c.name) = 'BERT'", "1 2")]
    [InlineData("c.a.b.c = 1", "1")]
    [InlineData("c[\"a\"][\"b\"].c + 1 = 3", "4")]
    [InlineData("c.tags[0] = 'y'", "2")]
    [InlineData("c.n * 2 - 1 = 5", "1")]
    [InlineData("c.n % 2 = 1", "1 2")]
    [InlineData("c.id = '3' AND c.pk = 'q'", "3")]
    [InlineData("c.pk = 'q'", "3 4")]
    [InlineData("(c.id = '1' AND c.pk = 'p') OR (c.id = '5' AND c.pk = 'r')", "1 5")]
    [InlineData("ARRAY_CONTAINS(c.lines, {'sku': 's2'}, true)", "5")]
    [InlineData("(c.n ?? 0) = -1", "5")]
    [InlineData("(IS_NUMBER(c.n) ? c.n : 99) = 99", "4")]
    [InlineData("c.name || '!' = 'Cora!'", "3")]
    public async Task Where_WhenAsked_FindsWhatTheServiceWould(string condition, string expected)
    {
        List<string> ids = await QueryAsync<string>($"SELECT VALUE c.id FROM c WHERE {condition}");
        Assert.Equal(expected, string.Join(' ', ids));
    }

    [Theory]
    [InlineData("SELECT VALUE COUNT(1) FROM c", "[5]")]
    [InlineData("SELECT VALUE SUM(c.n) FROM c WHERE IS_NUMBER(c.n)", "[5.5]")]
    [InlineData("SELECT VALUE MIN(c.n) FROM c WHERE IS_NUMBER(c.n)", "[-1]")]
    [InlineData("SELECT VALUE MAX(c.id) FROM c", "[\"5\"]")]
    [InlineData("SELECT VALUE AVG(c.n) FROM c WHERE c.pk = 'p'", "[2]")]
    [InlineData("SELECT COUNT(1) AS many, MAX(c.id) AS last FROM c WHERE c.pk = 'q'", "[{\"many\":2,\"last\":\"4\"}]")]
    [InlineData("SELECT c.id, c.a.b FROM c WHERE c.id = '1'", "[{\"id\":\"1\",\"b\":{\"c\":1}}]")]
    [InlineData("SELECT c.id, c.flag FROM c WHERE c.pk = 'p'", "[{\"id\":\"1\"},{\"id\":\"2\"}]")]
    [InlineData("SELECT VALUE c.flag FROM c", "[true]")]
    [InlineData("SELECT VALUE {\"k\": c.id, \"two\": [c.n, 2]} FROM c WHERE c.id = '1'", "[{\"k\":\"1\",\"two\":[3,2]}]")]
    [InlineData("SELECT DISTINCT VALUE c.pk FROM c", "[\"p\",\"q\",\"r\"]")]
    [InlineData("SELECT TOP 2 VALUE c.id FROM c", "[\"1\",\"2\"]")]
    [InlineData("SELECT VALUE c.id FROM c ORDER BY c.n", "[\"5\",\"2\",\"3\",\"1\",\"4\"]")]
    [InlineData("SELECT VALUE c.id FROM c ORDER BY c.pk DESC, c.id ASC", "[\"5\",\"3\",\"4\",\"1\",\"2\"]")]
    [InlineData("SELECT TOP 1 VALUE c.id FROM c ORDER BY c.name DESC", "[\"2\"]")]
    [InlineData("SELECT VALUE c.id FROM c OFFSET 1 LIMIT 2", "[\"2\",\"3\"]")]
    [InlineData("SELECT VALUE c.id FROM c ORDER BY c.id DESC OFFSET 3 LIMIT 5", "[\"2\",\"1\"]")]
    [InlineData("SELECT c.pk, COUNT(1) AS n FROM c GROUP BY c.pk", "[{\"pk\":\"p\",\"n\":2},{\"pk\":\"q\",\"n\":2},{\"pk\":\"r\",\"n\":1}]")]
    [InlineData("SELECT c.id, l.sku FROM c JOIN l IN c.lines WHERE l.qty > 1", "[{\"id\":\"5\",\"sku\":\"s1\"}]")]
    [InlineData("SELECT VALUE l.qty FROM l IN c.lines", "[2,1]")]
    [InlineData("SELECT VALUE root.id FROM root WHERE root[\"id\"] = \"2\"", "[\"2\"]")]
    public async Task Select_WhenAsked_AnswersWhatTheServiceWould(string sql, string expected)
    {
        List<JsonElement> results = await QueryAsync<JsonElement>(sql);
        Assert.Equal(expected, JsonSerializer.Serialize(results));
    }

    [Theory]
    [InlineData("SELECT VALUE ST_DISTANCE(c.a, c.b) FROM c", "ST_DISTANCE")]
    [InlineData("SELECT * FROM c WHERE EXISTS(SELECT VALUE 1 FROM c)", "subquery")]
    [InlineData("SELECT * FROM c WHERE x.a = 1", "Identifier 'x'")]
    [InlineData("SELECT * FROM c WHERE c.a = @a", "@a")]
    [InlineData("SELECT * FROM c WHERE", "a value expected")]
    [InlineData("DELETE FROM c", "SELECT")]
    [InlineData("SELECT * FROM c LIMIT 3", "LIMIT")]
    public async Task Query_WhenItIsNotSupported_Answers400AndNamesWhat(string sql, string named)
    {
        CosmosException refused = await RefusedAsync(HttpStatusCode.BadRequest, () => QueryAsync<JsonElement>(sql));
        Assert.Contains(named, refused.Message);
    }

    [Fact]
    public async Task Query_WhenScopedToAPartition_StaysInIt()
    {
        Assert.Equal(["1", "2"], await QueryAsync<string>("SELECT VALUE c.id FROM c", "p"));
        Assert.Equal([2], await QueryAsync<int>("SELECT VALUE COUNT(1) FROM c", "q"));
        Assert.Empty(await QueryAsync<string>("SELECT VALUE c.id FROM c WHERE c.id = '1'", "q"));
    }

    [Fact]
    public async Task Query_WhenThePartitionKeyIsANumber_FindsItByConditionToo()
    {
        await Items.CreateItemAsync(new { id = "6", pk = 7 });
        Assert.Equal(["6"], await QueryAsync<string>("SELECT VALUE c.id FROM c WHERE c.pk = 7"));
        Assert.Equal(["5", "6"], await QueryAsync<string>("SELECT VALUE c.id FROM c WHERE c.pk IN ('r', 7)"));
    }

    [Fact]
    public async Task Query_WhenItHasParameters_BindsThem()
    {
        QueryDefinition query = new QueryDefinition("SELECT VALUE c.id FROM c WHERE c.n > @low AND ARRAY_CONTAINS(@ids, c.id)")
            .WithParameter("@low", 0).WithParameter("@ids", new[] { "2", "3", "5" });
        Assert.Equal(["2", "3"], await AllAsync(Items.GetItemQueryIterator<string>(query)));
    }

    [Theory]
    [InlineData("SELECT VALUE c.id FROM c", null)]
    [InlineData("SELECT VALUE c.id FROM c WHERE c.n != 1000", null)]
    [InlineData("SELECT VALUE c.id FROM c ORDER BY c.id", null)]
    [InlineData("SELECT DISTINCT VALUE c.id FROM c", null)]
    [InlineData("SELECT VALUE t FROM c JOIN t IN c.many", "s")]
    [InlineData("SELECT VALUE c.id FROM c", "s")]
    public async Task Continuation_WhenPagesAreSmall_GoesOnWhereItWas(string sql, string? partition)
    {
        for (int i = 10; i < 30; i++)
        {
            await Items.CreateItemAsync(new { id = $"{i}", pk = "s", n = i, many = new[] { $"{i}a", $"{i}b", $"{i}c" } });
        }
        List<string> whole = await QueryAsync<string>(sql, partition);
        var paged = new List<string>();
        string? token = null;
        do
        {
            // A new iterator for each page: all that is kept is the token.
            using FeedIterator<string> iterator = Items.GetItemQueryIterator<string>(sql, token, new QueryRequestOptions
            {
                MaxItemCount = 4,
                PartitionKey = partition is null ? null : new PartitionKey(partition),
            });
            FeedResponse<string> page = await iterator.ReadNextAsync();
            Assert.True(page.Count <= 4);
            paged.AddRange(page);
            token = page.ContinuationToken;
        }
        while (token is not null);
        Assert.True(whole.Count >= 20);
        Assert.Equal(whole, paged);
    }

    [Fact]
    public async Task Linq_WhenTranslated_Works()
    {
        IQueryable<Item> items = Items.GetItemLinqQueryable<Item>();
        List<string?> names = await AllAsync(items
            .Where(i => i.Pk == "p" && i.Name != null).OrderByDescending(i => i.Name).Select(i => i.Name).ToFeedIterator());
        Assert.Equal(["bert", "Anna"], names);
        Assert.Equal(2, await items.Where(i => i.Pk == "q").CountAsync());
    }

    [Fact]
    public async Task OrderBy_WhenThePathIsNotIndexed_IsRefusedAsInTheService()
    {
        await Cosmos.EnsureCreatedAsync(DatabaseId, [new("narrow", "/pk", -1, "/kind/?")], default);
        Container narrow = Client.GetContainer(DatabaseId, "narrow");
        await narrow.CreateItemAsync(new { id = "1", pk = "p", kind = "k", at = 1 });
        await AllAsync(narrow.GetItemQueryIterator<JsonElement>("SELECT * FROM c ORDER BY c.kind"));
        await RefusedAsync(HttpStatusCode.BadRequest, () =>
            AllAsync(narrow.GetItemQueryIterator<JsonElement>("SELECT * FROM c ORDER BY c.at")));
    }
}
