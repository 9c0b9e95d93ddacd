using System.Reflection;
using FinVault.Identity;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Tests.Identity;

public sealed class DeclaredAccessTests
{
    private static readonly Dictionary<string, MethodInfo> Functions = Find().ToDictionary(f => f.Name);

    public static TheoryData<string> HttpFunctions() => [.. Functions.Keys.Order()];

    [Theory]
    [MemberData(nameof(HttpFunctions))]
    public void EveryHttpFunction_DeclaresWhoMayCallIt(string name) =>
        Assert.NotNull(AccessMiddleware.DeclaredBy(Functions[name]));

    [Fact]
    public void EveryNamedRole_Exists() =>
        Assert.Empty(Functions.Values.SelectMany(f => f.GetCustomAttribute<AccessAttribute>()?.Roles ?? []).Except(Roles.All));

    private static IEnumerable<MethodInfo> Find() =>
        typeof(FinVaultApp).Assembly.GetTypes().Where(t => t.Namespace?.StartsWith("FinVault.Local", StringComparison.Ordinal) != true)
            .SelectMany(t => t.GetMethods())
            .Where(m => m.GetParameters().Any(p => p.GetCustomAttribute<HttpTriggerAttribute>() is not null));
}
