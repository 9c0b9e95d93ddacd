using System.Net;
using FinVault.Identity;

namespace FinVault.Tests.Identity;

/// <summary>Who sees and changes what is everybody's has shown a second factor (OWASP ASVS 4.3.1).</summary>
public sealed class OperatorTests
{
    private const string Operator = "operator@example.com";

    [Fact]
    public async Task Operator_WithoutASecondFactor_IsNone_UntilACodeIsShown()
    {
        await using IdentityApp app = await IdentityApp.StartAsync(new Dictionary<string, string?>
        {
            ["Identity:FirstAdmin"] = Operator,
            ["Identity:OperatorsNeedCode"] = "true",
        });
        string token = (await app.NewUserAsync(Operator)).AccessToken;
        Assert.Equal("second_factor_required", (await app.GetAsync("operations/queues", token)).Code);
        Assert.Equal("second_factor_required", (await app.GetAsync("audit/verify", token)).Code);
        Me before = await app.MeAsync(token);
        Assert.True(before.NeedsCodeToOperate);
        Assert.DoesNotContain(Roles.Admin, before.Roles);

        SecondFactorSetup setup = (await app.PutAsync("auth/second-factor", null, token)).Read<SecondFactorSetup>();
        byte[] secret = SecondFactorTests.Decode(setup.Secret);
        await app.PutAsync("auth/second-factor/confirmation", new { Code = Code() }, token);
        Assert.Equal("second_factor_required", (await app.GetAsync("operations/queues", token)).Code);

        app.Clock.Advance(TimeSpan.FromSeconds(Totp.StepSeconds));
        Assert.Equal(HttpStatusCode.OK, (await app.PutAsync("auth/step-up", new { Code = Code() }, token)).Status);
        Assert.Equal(HttpStatusCode.OK, (await app.GetAsync("operations/queues", token)).Status);
        Me after = await app.MeAsync(token);
        Assert.False(after.NeedsCodeToOperate);
        Assert.Contains(Roles.Admin, after.Roles);

        string Code() => Totp.Code(secret, Totp.StepAt(app.Clock.GetUtcNow()));
    }
}
