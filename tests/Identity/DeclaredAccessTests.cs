using System.Reflection;
using FinVault.Identity;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Tests.Identity;

public sealed class DeclaredAccessTests
{
    public static TheoryData<string> HttpFunctions() => [.. Functions().Select(f => f.Name).Order()];

    [Theory]
    [MemberData(nameof(HttpFunctions))]
    public void EveryHttpFunction_DeclaresWhoMayCallIt(string name) =>
        Assert.NotNull(AccessMiddleware.DeclaredBy(Functions().Single(f => f.Name == name)));

    [Fact]
    public void EveryNamedRole_Exists() =>
        Assert.Empty(Functions().SelectMany(f => f.GetCustomAttribute<AccessAttribute>()?.Roles ?? []).Except(Roles.All));

    private static IEnumerable<MethodInfo> Functions() =>
        typeof(FinVaultApp).Assembly.GetTypes().Where(t => t.Namespace?.StartsWith("FinVault.Local", StringComparison.Ordinal) != true)
            .SelectMany(t => t.GetMethods())
            .Where(m => m.GetParameters().Any(p => p.GetCustomAttribute<HttpTriggerAttribute>() is not null));
}
