using System.Text.Json.Nodes;
using FinVault.Audit;
using FsCheck;
using FsCheck.Fluent;

namespace FinVault.Tests.Audit;

/// <summary>Differences between two versions, and the way there and back.</summary>
public sealed class FieldChangesTests
{
    private static readonly Gen<JsonNode?> Leaf = Gen.OneOf(
        Gen.Constant<JsonNode?>(null), Gen.Choose(0, 3).Select(n => (JsonNode?)JsonValue.Create(n)),
        Gen.Elements("", "a", "~/").Select(text => (JsonNode?)JsonValue.Create(text)),
        Gen.Choose(0, 2).Select(n => (JsonNode?)new JsonArray([.. Enumerable.Range(0, n).Select(i => JsonValue.Create(i))])));

    [Fact]
    public void Changes_LeadFromOneVersionToTheOtherAndBack() => Prop.ForAll(Versions(), Versions(), (before, after) =>
    {
        List<FieldChange> changes = FieldChanges.Between(before, after);
        return JsonNode.DeepEquals(after, FieldChanges.Apply(before, changes))
            && JsonNode.DeepEquals(before, FieldChanges.Undo(after, changes))
            && (changes.Count == 0) == JsonNode.DeepEquals(before, after);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Changes_NameTheFieldByAJsonPointer()
    {
        JsonObject before = (JsonObject)JsonNode.Parse("""{"plan":{"title":"One","a/b~c":1,"prizes":[1]},"gone":true}""")!;
        JsonObject after = (JsonObject)JsonNode.Parse("""{"plan":{"title":"Two","a/b~c":2,"prizes":[1,2]},"new":{}}""")!;

        Assert.Equal(
            ["replace /plan/title \"One\" \"Two\"", "replace /plan/a~1b~0c 1 2", "replace /plan/prizes [1] [1,2]",
                "remove /gone true ", "add /new  {}"],
            FieldChanges.Between(before, after).Select(change =>
                $"{change.Op} {change.Path} {change.Before?.ToJsonString()} {change.After?.ToJsonString()}"));
    }

    private static Arbitrary<JsonObject?> Versions() =>
        Gen.Frequency((1, Gen.Constant<JsonObject?>(null)), (9, Document(2))).ToArbitrary();

    private static Gen<JsonObject?> Document(int depth) =>
        from count in Gen.Choose(0, 3)
        from fields in Field(depth).ListOf(count)
        select (JsonObject?)new JsonObject(fields.DistinctBy(field => field.Key).Select(
            field => KeyValuePair.Create(field.Key, field.Value?.DeepClone())));

    private static Gen<KeyValuePair<string, JsonNode?>> Field(int depth) =>
        from name in Gen.Elements("a", "b", "c/d", "e~f", "")
        from value in depth == 0 ? Leaf : Gen.OneOf(Leaf, Document(depth - 1).Select(inner => (JsonNode?)inner))
        select KeyValuePair.Create(name, value);
}
