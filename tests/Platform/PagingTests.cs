using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using FinVault.Platform;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace FinVault.Tests.Platform;

public sealed class PagingTests
{
    private sealed record Place(string Symbol, long After);

    [Fact]
    public void Cursor_OfAnyPlace_ReadsBack() => Prop.ForAll<NonNull<string>, long>((symbol, after) =>
    {
        Place place = new(symbol.Get, after);
        // A lone surrogate has no UTF-8 form; symbols never have one.
        return symbol.Get.Any(char.IsSurrogate) || Cursor.Read<Place>("list", Cursor.Write("list", place)) == place;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Cursor_OfAnotherListVersionOrShape_IsRefused()
    {
        string[] cursors =
        [
            Cursor.Write("other", new Place("A", 1)),
            Cursor.Write("list", new { Nothing = true }),
            Encode("""{"v":2,"k":"list","s":{"symbol":"A","after":1}}"""),
            Encode("""{"v":1,"k":"list","s":null}"""),
            Encode("null"),
            Encode("{"),
            "not base64url!",
            "",
            new('A', 4096),
        ];
        Assert.All(cursors, cursor =>
        {
            ProblemException problem = Assert.Throws<ProblemException>(() => Cursor.Read<Place>("list", cursor));
            Assert.Equal(Problems.InvalidCursor, problem.Problem);
        });
    }

    [Fact]
    public void Cursor_OfAnyText_IsRefusedAndNeverFails() => Prop.ForAll<NonNull<string>>(text =>
        Assert.Throws<ProblemException>(() => Cursor.Read<Place>("list", text.Get)).Problem == Problems.InvalidCursor)
        .QuickCheckThrowOnFailure();

    [Fact]
    public void From_NothingGiven_IsTheFirstPageOfTheDefaultSize() =>
        Assert.Equal(new PageRequest(100, 0, null), PageRequest.From(Query(""), 100, 1000));

    [Fact]
    public void From_LimitAndOffset_AreTaken() =>
        Assert.Equal(
            new PageRequest(1000, 100_000, null), PageRequest.From(Query("?limit=1000&offset=100000"), 100, 1000));

    [Theory]
    [InlineData("?limit=0", "invalid_limit")]
    [InlineData("?limit=1001", "invalid_limit")]
    [InlineData("?limit=-1", "invalid_limit")]
    [InlineData("?limit=ten", "invalid_limit")]
    [InlineData("?limit=99999999999999", "invalid_limit")]
    [InlineData("?limit=1&limit=2", "invalid_limit")]
    [InlineData("?offset=100001", "invalid_offset")]
    [InlineData("?offset=-1", "invalid_offset")]
    [InlineData("?offset=0&cursor=abc", "invalid_request")]
    public void From_OutOfBounds_IsRefused(string query, string code) => Assert.Equal(
        code, Assert.Throws<ProblemException>(() => PageRequest.From(Query(query), 100, 1000)).Problem.Code);

    [Theory]
    [InlineData(0, 3, true)]
    [InlineData(7, 3, false)]
    [InlineData(6, 3, true)]
    [InlineData(10, 0, false)]
    [InlineData(99, 0, false)]
    public void Slice_CountsAndSaysIfThereIsMore(int offset, int rows, bool hasNext)
    {
        Page<int> page = new PageRequest(3, offset, null).Slice([.. Enumerable.Range(0, 10)]);

        Assert.Equal(Enumerable.Range(offset, rows), page.Data);
        Assert.Equal(new Pagination(10, 3, offset, hasNext), page.Pagination);
    }

    [Fact]
    public async Task Page_IsWrittenWithItsTotalInTheHeader()
    {
        DefaultHttpContext http = new();
        using MemoryStream body = new();
        http.Response.Body = body;

        await new JsonAnswer(new Page<int>([1], null, new(7, 1, 0, true)))
            .ExecuteResultAsync(new ActionContext { HttpContext = http });

        Assert.Equal("7", http.Response.Headers["X-Total-Count"]);
        Assert.Equal(
            """{"data":[1],"pagination":{"total":7,"limit":1,"offset":0,"hasNext":true}}""",
            Encoding.UTF8.GetString(body.ToArray()));
    }

    [Fact]
    public void Page_WithACursorOnly_OmitsTheRest() => Assert.Equal(
        """{"data":[],"nextCursor":"abc"}""", JsonSerializer.Serialize(new Page<int>([], "abc"), Json.Options));

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));

    private static HttpRequest Query(string query)
    {
        DefaultHttpContext http = new();
        http.Request.QueryString = new(query);
        return http.Request;
    }
}
